const begun = performance.now();
await import("./programs/products.ts");
console.log("loaded", performance.now() - begun);
