// What is wrong with how a page is laid out, told in words; `least` is the smallest side of what is pressed.
(least) => {
  const faults = [], width = document.documentElement.clientWidth;
  const told = (element) => `${element.tagName.toLowerCase()}${element.id ? "#" + element.id : ""}`
    + `${element.classList.length ? "." + [...element.classList].join(".") : ""} "${element.textContent.trim().slice(0, 40)}"`;
  if (document.documentElement.scrollWidth > width)
    faults.push(`scrolls sideways: ${document.documentElement.scrollWidth} in ${width}`);
  const heard = ".heard, .heard *, .skip, .textLayer *, .pdfViewer *, svg *, .mute, template *, noscript *";
  const shown = (element) => {
    if (element.matches(heard) || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && style.clipPath === "none";
  };
  const all = [...document.body.querySelectorAll("*")].filter(shown);
  const scrolls = (element) => {
    for (let up = element; up; up = up.parentElement) if (/auto|scroll/.test(getComputedStyle(up).overflowX)) return true;
    return false;
  };
  for (const element of all) {
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    if ((box.left < -1 || box.right > width + 1) && !scrolls(element)) faults.push(`sticks out: ${told(element)}`);
    if (/hidden|clip/.test(style.overflowX + style.overflowY) && element.tagName !== "svg" && style.textOverflow !== "ellipsis"
      && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1))
      faults.push(`cut: ${told(element)}`);
  }
  const targets = all.filter((element) => element.matches("button, input:not([type=hidden]), textarea, select, summary"));
  for (const target of targets) {
    const box = target.getBoundingClientRect();
    if (box.width < least - 0.5 || box.height < least - 0.5) faults.push(`too small: ${told(target)} ${box.width}x${box.height}`);
  }
  const own = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const controls = "button, input, textarea, select, progress";
  const fixed = (element) => element.closest(".bar, .session-ends") !== null;
  const texts = all.filter((element) => own(element) || element.matches(controls));
  const drawn = (element) => { // of text the words, not the room around them that may be pressed
    if (element.matches(controls)) return [...element.getClientRects()];
    return [...element.childNodes].filter((node) => node.nodeType === 3 && node.textContent.trim()).flatMap((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      return [...range.getClientRects()];
    });
  };
  const boxes = texts.map((element) => [element, drawn(element).filter((box) => box.width > 1 && box.height > 1)]);
  for (let one = 0; one < boxes.length; one += 1) for (let two = one + 1; two < boxes.length; two += 1) {
    const [a, first] = boxes[one], [b, second] = boxes[two];
    if (a.contains(b) || b.contains(a) || fixed(a) !== fixed(b)) continue;
    const most = [a, b].some((element) => element.matches(controls)) ? 3 : 8; // lines reach into each other's leading
    for (const s of first) for (const t of second) {
      const wide = Math.min(s.right, t.right) - Math.max(s.left, t.left), high = Math.min(s.bottom, t.bottom) - Math.max(s.top, t.top);
      if (wide > 1 && high > most) { faults.push(`overlap: ${told(a)} and ${told(b)}`); break; }
    }
  }
  // Where only what is in sight is laid out, nothing that belongs to a box is drawn beside it.
  for (const box of all.filter((element) => getComputedStyle(element).contentVisibility === "auto"))
    for (const inside of box.querySelectorAll("*"))
      if (shown(inside) && inside.getBoundingClientRect().right > box.getBoundingClientRect().right + 1) faults.push(`cut: ${told(inside)} in ${told(box)}`);
  // What stands apart by a dot is not left hanging at the end of a line; the opening paragraph has room below it.
  for (const element of all) for (const node of element.childNodes) {
    if (node.nodeType !== 3 || !/·\s*$/.test(node.textContent)) continue;
    const after = node.nextSibling ?? element.nextSibling, range = document.createRange();
    if (!after) continue;
    range.setStart(node, node.textContent.lastIndexOf("·"));
    range.setEnd(node, node.textContent.lastIndexOf("·") + 1);
    const dot = range.getBoundingClientRect();
    range.selectNodeContents(after);
    const [first] = range.getClientRects();
    if (dot.height && first && first.top > dot.bottom - 2) faults.push(`hangs at the end of a line: ${told(element)}`);
  }
  for (const lead of all.filter((element) => element.matches(".lead"))) {
    const next = lead.nextElementSibling, gap = next && next.getBoundingClientRect().top - lead.getBoundingClientRect().bottom;
    const padding = next ? parseFloat(getComputedStyle(next).paddingBlockStart) + parseFloat(getComputedStyle(next).borderBlockStartWidth) : 0;
    if (next && shown(next) && gap + padding < 8) faults.push(`no room below: ${told(lead)}`);
  }
  // A notice over the page begins where its text does.
  const notice = document.querySelector(".session-ends:not([hidden]) p"), title = document.querySelector("h1");
  if (notice && width >= 760 && Math.abs(notice.getBoundingClientRect().left - title.getBoundingClientRect().left) > 1)
    faults.push(`begins beside the text: ${told(notice)}`);
  return [...new Set(faults)];
}
