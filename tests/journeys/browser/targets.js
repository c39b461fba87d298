/* What a finger or an unsteady hand cannot hit: WCAG 2.2, 2.5.8. Returns one line for each target that is under 24 px
 * and so near to another that a circle of 24 px around its middle touches that one, or the circle of it.
 * A link within a sentence is as high as its line; the label of a control belongs to its target. What is fixed over
 * the page is compared with itself alone: the page moves beneath it. */
() => {
  const LEAST = 24;
  const shown = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const labelled = (node) => {
    const boxes = [node, ...(node.labels ?? [])].map((one) => one.getBoundingClientRect());
    return boxes.reduce((best, one) => (one.width * one.height > best.width * best.height ? one : best));
  };
  const inSentence = (node) => {
    if (getComputedStyle(node).display !== 'inline') return false;
    return [...node.parentNode.childNodes].some((other) => other.nodeType === 3 && other.textContent.trim().length > 1);
  };
  const layer = (node) => {
    for (let at = node; at; at = at.parentElement) if (getComputedStyle(at).position === 'fixed') return at;
    return null;
  };
  const every = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=slider], [role=tab], [role=menuitem]';
  const targets = [...document.querySelectorAll(every)]
    .filter((node) => shown(node) && !node.disabled && !inSentence(node))
    .map((node) => ({ node, box: labelled(node), over: layer(node) }))
    .filter(({ box }) => box.width > 1 && box.height > 1);
  const middle = (box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const small = (box) => box.width < LEAST - 0.5 || box.height < LEAST - 0.5;
  const near = ({ x, y }, box) => Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)) < LEAST / 2 - 0.5;
  const touches = (one, other) => {
    if (near(middle(one), other)) return true;
    const [a, b] = [middle(one), middle(other)];
    return small(other) && Math.hypot(a.x - b.x, a.y - b.y) < LEAST - 0.5;
  };
  const said = ({ node, box }) => `${node.tagName.toLowerCase()}.${node.className || ''} "${(node.getAttribute('aria-label') || node.innerText || node.id || '').trim().slice(0, 40)}" ${Math.round(box.width)}×${Math.round(box.height)}`;
  return targets
    .filter((one) => small(one.box) && targets.some((other) => other.node !== one.node && other.over === one.over && !other.node.contains(one.node) && !one.node.contains(other.node) && touches(one.box, other.box)))
    .map(said);
}
