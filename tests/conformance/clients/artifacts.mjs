// Relay's artifacts import one another as bundlers allow, without the ending ".js": node --import ./artifacts.mjs …
import { register } from "node:module";

const hook = 'export const resolve = (name, context, next) => next(name.endsWith(".graphql") ? `${name}.js` : name, context);';
register(`data:text/javascript,${encodeURIComponent(hook)}`);
