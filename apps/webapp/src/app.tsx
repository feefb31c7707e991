import { Suspense, lazy, useSyncExternalStore } from "react";
import { readCredential, subscribeCredential } from "#lib/credential.ts";
import { SignInPage } from "./features/sign-in/sign-in-page.tsx";
import { useSignIn } from "./features/sign-in/use-sign-in.ts";

const loadHome = () => import("./home.tsx");
const Home = lazy(() => loadHome().then((module) => ({ default: module.Home })));

/** The whole page: the sign-in without a credential, the rooms with one. `code` came with the address. */
export function App({ code }: { code: string | null }) {
  const credential = useSyncExternalStore(subscribeCredential, readCredential);
  const { state, redeem } = useSignIn(code);
  if (credential === null) return <SignInPage state={state} onRetry={redeem} />;
  return (
    <Suspense fallback={null}>
      <Home credential={credential} />
    </Suspense>
  );
}
