import { useMutation, useQuery } from "convex/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { addressOf } from "#lib/address.ts";
import { api } from "#lib/backend.ts";
import type { Delivery } from "#lib/backend.ts";
import { carry } from "./carry.ts";
import type { Carrier } from "./carry.ts";
import { show } from "./show.ts";

/** A tab that is looked at shows news better than a browser can: the others let it go first. */
const HEAD_START_MS = 1_500;

interface Courier {
  /** The deliveries that are for the page itself to show; those of an earlier load of it are not. */
  readonly onPage: ReadonlySet<string>;
  /** The page has shown it long enough. */
  readonly passed: (deliveryId: Delivery["_id"]) => void;
}

/** Makes this tab a carrier of the person's dashboard. */
export function useCourier(): Courier {
  const outgoing = useQuery(api.deliveries.outgoing, {})?.items;
  const claim = useMutation(api.deliveries.claim);
  const receipt = useMutation(api.deliveries.receipt);
  const fail = useMutation(api.deliveries.fail);
  const [onPage, setOnPage] = useState<ReadonlySet<string>>(new Set());
  const begun = useRef(new Set<string>());

  useEffect(() => {
    if (outgoing === undefined || outgoing.length === 0) return undefined;
    const rooms = new Map<string, string>();
    const carrier: Carrier = {
      claim: async (deliveryId) => {
        const { accepted, attempt, delivery } = await claim({ deliveryId });
        if (!accepted || delivery === null) return null;
        rooms.set(deliveryId, delivery.roomName);
        return { attempt, news: { deliveryId, title: delivery.title, text: delivery.text } };
      },
      show: (news) => {
        const how = show(news, () => {
          location.hash = addressOf(rooms.get(news.deliveryId) ?? "");
        });
        if (how === "page") setOnPage((before) => new Set([...before, news.deliveryId]));
        return how;
      },
      receipt: (deliveryId, attempt, how) => receipt({ deliveryId, attempt, receipt: how }),
      fail: (deliveryId, attempt, reason) => fail({ deliveryId, attempt, reason }),
    };
    const carryAll = () => {
      for (const { _id: deliveryId, attempt } of outgoing) {
        const round = `${deliveryId} ${attempt}`;
        if (begun.current.has(round)) continue;
        begun.current.add(round);
        // A lost line loses nothing: a claim runs out, and without one the next news brings this along.
        carry({ deliveryId, attempt }, carrier).catch(() => begun.current.delete(round));
      }
    };
    const wait = document.visibilityState === "visible" ? 0 : HEAD_START_MS;
    const timer = setTimeout(carryAll, wait);
    return () => clearTimeout(timer);
  }, [outgoing, claim, receipt, fail]);

  const passed = useCallback((deliveryId: Delivery["_id"]) => {
    setOnPage((before) => new Set([...before].filter((shown) => shown !== deliveryId)));
  }, []);
  return { onPage, passed };
}
