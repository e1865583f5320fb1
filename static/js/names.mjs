// Gives every local name of a script a name of its own choosing, for which bench/names.py finds the
// ones under which it is smallest when compressed: minifiers choose the shortest, which is not the same.
import { parse } from "acorn";

/**
 * Take a script apart: {pieces, uses, names, conflicts, globals}, where a use of a binding stands
 * after every piece of text but the last, and `conflicts` are the bindings that need another name.
 */
export const bindingsOf = (code) => {
  const bindings = [];
  const uses = [];
  const globals = new Set();

  const open = (above, isFunction) => ({ above, isFunction, names: new Map() });

  const declare = (scope, pattern) => {
    if (!pattern) return;
    if (pattern.type == "Identifier") {
      if (scope.names.has(pattern.name)) return;
      const binding = { name: pattern.name, scope, seenIn: new Set() };
      scope.names.set(pattern.name, binding);
      bindings.push(binding);
    }
    for (const part of pattern.properties ?? pattern.elements ?? []) declare(scope, part?.value ?? part?.argument ?? part);
    if (pattern.type == "AssignmentPattern") declare(scope, pattern.left);
    if (pattern.type == "RestElement") declare(scope, pattern.argument);
  };

  const declareAll = (scope, nodes) => {
    for (const node of nodes)
      if (node?.type == "VariableDeclaration" && node.kind != "var") for (const { id } of node.declarations) declare(scope, id);
  };

  const children = (node) => Object.values(node).flat().filter((child) => child?.type);

  const declareVars = (scope, node) => {
    if (/Function/.test(node.type)) return;
    if (node.kind == "var") for (const { id } of node.declarations) declare(scope, id);
    children(node).forEach((child) => declareVars(scope, child));
  };

  const visit = (node, scope) => {
    if (node.type == "Identifier") uses.push({ node, scope });
    else if (node.type == "MemberExpression") {
      visit(node.object, scope);
      if (node.computed) visit(node.property, scope);
    } else if (node.type == "Property") {
      if (node.shorthand) (node.value.left ?? node.value).key = node.key.name;
      if (node.computed) visit(node.key, scope);
      visit(node.value, scope);
    } else {
      if (/Function|^BlockStatement|^For/.test(node.type)) scope = open(scope);
      if (/Function/.test(node.type)) {
        node.params.forEach((one) => declare(scope, one));
        declareVars(scope, node.body);
      }
      declareAll(scope, [node.init, node.left, ...[node.body].flat()]);
      children(node).forEach((child) => visit(child, scope));
    }
  };
  visit(parse(code, { ecmaVersion: 2022 }), open());

  const found = uses.filter((use) => {
    let scope = use.scope;
    while (scope && !scope.names.has(use.node.name)) scope = scope.above;
    if (!scope) return globals.add(use.node.name) && false;
    use.binding = scope.names.get(use.node.name);
    for (let inner = use.scope; inner != scope.above; inner = inner.above) use.binding.seenIn.add(inner);
    return true;
  });
  found.sort((one, other) => one.node.start - other.node.start);
  let end = 0;
  const pieces = found.map(({ node }) => {
    const piece = code.slice(end, node.start);
    end = node.end;
    return node.key ? `${piece}${node.key}:` : piece;
  });
  // A name may be another's within, as long as that other is not used there.
  const apart = (one, other) => one.scope == other.scope || one.seenIn.has(other.scope) || other.seenIn.has(one.scope);
  return {
    pieces: [...pieces, code.slice(end)],
    uses: found.map(({ binding }) => bindings.indexOf(binding)),
    names: bindings.map(({ name }) => name),
    conflicts: bindings.map((one) => bindings.flatMap((other, place) => (one != other && apart(one, other) ? [place] : []))),
    globals: [...globals],
  };
};

/** Return the script with these names for its bindings; as it is, where they do not fit. */
export const rename = (code, names) => {
  const { pieces, uses, conflicts, globals } = bindingsOf(code);
  const fits =
    names.length == conflicts.length &&
    names.every((name, place) => !globals.includes(name) && conflicts[place].every((other) => names[other] != name));
  if (!fits) return code;
  return pieces.map((piece, place) => piece + (names[uses[place]] ?? "")).join("");
};
