// Questions that depend on another answer. Only looks: the server decides which answers count.
import { fresh } from "./kit.js";

export function startConditions(root) {
  for (const element of fresh(root, "[data-show-when]", "hasCondition")) {
    const form = element.closest("form") ?? document;
    const condition = JSON.parse(element.dataset.showWhen);
    const earlier = form.dataset?.answers ? JSON.parse(form.dataset.answers) : {};
    const update = () => {
      element.hidden = !holds(condition, (key) => answer(form, key, earlier));
    };
    form.addEventListener("change", update);
    form.addEventListener("input", update);
    window.addEventListener("pageshow", update);
    update();
  }
}

function answer(form, key, earlier) {
  const controls = [...form.querySelectorAll(`[name="${CSS.escape(key)}"]`)];
  if (!controls.length) return earlier[key];
  const boxes = controls.filter((each) => each.type === "checkbox");
  if (boxes.length > 1 || boxes[0]?.closest("fieldset.field")) {
    return boxes.filter((each) => each.checked).map((each) => each.value);
  }
  if (boxes.length) return boxes[0].checked ? boxes[0].value : "";
  if (controls[0].type === "radio") return controls.find((each) => each.checked)?.value ?? "";
  return controls[0].value;
}

export function holds(condition, valueOf) {
  if (Array.isArray(condition)) return condition.every((each) => holds(each, valueOf));
  if (condition.all) return condition.all.every((each) => holds(each, valueOf));
  if (condition.any) return condition.any.some((each) => holds(each, valueOf));
  const value = valueOf(condition.key);
  const all = Array.isArray(value)
    ? value.map(String)
    : value && typeof value === "object"
      ? Object.keys(value).filter((key) => value[key])
      : [String(value ?? "")];
  if ("has" in condition) return all.includes(String(condition.has));
  if ("in" in condition) return condition.in.map(String).some((each) => all.includes(each));
  if ("ne" in condition) return !all.includes(String(condition.ne));
  return all.includes(String(condition.eq));
}
