// Builds the house style and the scripts into the static folder, under names that carry a hash of their content.
import { defineConfig } from "vite";

// The base theme holds thousands of tokens. Only those that our style sheet uses, directly or through another token, go out.
const onlyUsedTokens = {
  postcssPlugin: "only-used-tokens",
  OnceExit(root) {
    const tokens = new Map();
    const wanted = new Set();
    const namesIn = (value) => [...value.matchAll(/var\(\s*(--[\w-]+)/g)].map((match) => match[1]);
    const isToken = (rule) => rule.type === "rule" && rule.selector === ".voorbeeld-theme";
    root.walkDecls((declaration) => {
      if (isToken(declaration.parent) && declaration.prop.startsWith("--")) {
        tokens.set(declaration.prop, declaration);
      } else {
        namesIn(declaration.value).forEach((name) => wanted.add(name));
      }
    });
    const queue = [...wanted];
    while (queue.length) {
      const declaration = tokens.get(queue.pop());
      if (!declaration) continue;
      for (const name of namesIn(declaration.value)) {
        if (!wanted.has(name)) {
          wanted.add(name);
          queue.push(name);
        }
      }
    }
    tokens.forEach((declaration, name) => wanted.has(name) || declaration.remove());
    root.walkRules(".voorbeeld-theme", (rule) => {
      rule.selector = ":root";
    });
  },
};

export default defineConfig({
  base: "./",
  publicDir: false,
  css: { postcss: { plugins: [onlyUsedTokens] } },
  build: {
    outDir: "../src/stadhuis/kit/static/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    // Nothing as data: address: the fonts may only come from ourselves.
    assetsInlineLimit: 0,
    modulePreload: false,
    target: ["chrome109", "firefox115", "safari16"],
    rollupOptions: {
      input: { css: "css/stadhuis.css", js: "js/stadhuis.js" },
      output: {
        entryFileNames: "stadhuis-[hash].js",
        assetFileNames: ({ names }) => (names[0] === "css.css" ? "stadhuis-[hash].css" : "[name]-[hash][extname]"),
      },
    },
  },
});
