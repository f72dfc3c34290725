// What explorer.js needs of GraphiQL and React, as one global: window.meiboGraphiQL.
import { useEditorContext } from "@graphiql/react";
import { setNonce } from "get-nonce";
import { GraphiQL } from "graphiql";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

window.meiboGraphiQL = { GraphiQL, createElement, createRoot, setNonce, useEditorContext };
