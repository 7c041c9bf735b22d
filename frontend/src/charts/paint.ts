/**
 * A picture of a part of the page, for charts that are HTML: boxes and words as the browser laid them
 * out. Knows what those charts are made of, no more: grounds, borders, rings, hatching, text.
 */

const RATIO = 2;
const MARGIN = 16;

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What is in `element`, on the ground that it stands on. What is marked `data-unpainted` is left out. */
export function paint(element: HTMLElement): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  const { left, top, width } = element.getBoundingClientRect();
  const height = bottomOf(element) - top;
  canvas.width = (width + 2 * MARGIN) * RATIO;
  canvas.height = (height + 2 * MARGIN) * RATIO;
  if (!context) return canvas;
  context.scale(RATIO, RATIO);
  context.fillStyle = groundOf(element);
  context.fillRect(0, 0, width + 2 * MARGIN, height + 2 * MARGIN);
  context.translate(MARGIN - left, MARGIN - top);
  for (const child of element.children) walk(context, child);
  return canvas;
}

/** The lowest edge of what is painted: what is left out at the end takes no room. */
function bottomOf(element: HTMLElement): number {
  const last = Array.from(element.children).findLast((child) => !isUnpainted(child as HTMLElement));
  return last ? last.getBoundingClientRect().bottom : element.getBoundingClientRect().bottom;
}

function groundOf(element: HTMLElement | null): string {
  if (!element) return "white";
  const ground = getComputedStyle(element).backgroundColor;
  return isClear(ground) ? groundOf(element.parentElement) : ground;
}

function isClear(color: string): boolean {
  return color === "transparent" || /[,/] ?0\)$/.test(color);
}

function isUnpainted(element: HTMLElement): boolean {
  return element.dataset["unpainted"] !== undefined || element.classList.contains("visually-hidden");
}

function walk(context: CanvasRenderingContext2D, element: Element): void {
  if (element instanceof SVGSVGElement) return paintMark(context, element);
  if (!(element instanceof HTMLElement) || isUnpainted(element)) return;
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden") return;
  context.save();
  context.globalAlpha *= Number(style.opacity);
  paintBox(context, element.getBoundingClientRect(), style);
  for (const child of element.childNodes) {
    if (child instanceof Text) paintText(context, child, style);
    else if (child instanceof Element) walk(context, child);
  }
  context.restore();
}

function paintBox(context: CanvasRenderingContext2D, box: Box, style: CSSStyleDeclaration): void {
  const radius = parseFloat(style.borderTopLeftRadius) || 0;
  outline(context, box, radius);
  if (!isClear(style.backgroundColor)) fill(context, style.backgroundColor);
  const image = style.backgroundImage;
  if (image.startsWith("repeating-linear-gradient")) hatch(context, box, colorsOf(image));
  else if (image.startsWith("linear-gradient")) fill(context, ramp(context, box, colorsOf(image)));
  const ring = /inset/.test(style.boxShadow) ? parseFloat(/(\d+(?:\.\d+)?)px inset/.exec(style.boxShadow)?.[1] ?? "0") : 0;
  if (ring) stroke(context, box, radius, ring, colorsOf(style.boxShadow)[0] ?? style.color, []);
  paintBorder(context, box, radius, style);
}

function paintBorder(context: CanvasRenderingContext2D, box: Box, radius: number, style: CSSStyleDeclaration): void {
  const [top, bottom] = [parseFloat(style.borderTopWidth), parseFloat(style.borderBottomWidth)];
  const width = parseFloat(style.borderLeftWidth);
  if (width > 0 && style.borderLeftStyle !== "none") {
    const dashes: Record<string, number[]> = { dashed: [3, 3], dotted: [width, width] };
    stroke(context, box, radius, width, style.borderLeftColor, dashes[style.borderLeftStyle] ?? []);
    return;
  }
  context.fillStyle = style.borderTopColor;
  if (top > 0) context.fillRect(box.left, box.top, box.width, top);
  context.fillStyle = style.borderBottomColor;
  if (bottom > 0) context.fillRect(box.left, box.top + box.height - bottom, box.width, bottom);
}

function outline(context: CanvasRenderingContext2D, { left, top, width, height }: Box, radius: number): void {
  context.beginPath();
  context.roundRect(left, top, width, height, radius);
}

function fill(context: CanvasRenderingContext2D, color: string | CanvasGradient): void {
  context.fillStyle = color;
  context.fill();
}

function stroke(context: CanvasRenderingContext2D, box: Box, radius: number, width: number, color: string, dashes: number[]): void {
  const half = width / 2;
  outline(context, { left: box.left + half, top: box.top + half, width: box.width - width, height: box.height - width }, radius);
  context.lineWidth = width;
  context.strokeStyle = color;
  context.setLineDash(dashes);
  context.stroke();
  context.setLineDash([]);
}

/** The colours of a computed style, which writes them as functions. */
function colorsOf(text: string): string[] {
  return text.match(/(?:rgba?|oklab|oklch|color|hsl)\([^()]*\)/g) ?? [];
}

function ramp(context: CanvasRenderingContext2D, { left, width }: Box, colors: string[]): CanvasGradient {
  const gradient = context.createLinearGradient(left, 0, left + width, 0);
  colors.forEach((color, at) => gradient.addColorStop(at / Math.max(1, colors.length - 1), color));
  return gradient;
}

function hatch(context: CanvasRenderingContext2D, { left, top, width, height }: Box, [color = "grey"]: string[]): void {
  context.save();
  context.clip();
  context.strokeStyle = color;
  context.lineWidth = 3.5;
  context.beginPath();
  for (let x = left - height; x < left + width; x += 10) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}

/** Word by word, where the browser broke the lines. */
function paintText(context: CanvasRenderingContext2D, text: Text, style: CSSStyleDeclaration): void {
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  const range = document.createRange();
  for (const match of text.data.matchAll(/\S+/g)) {
    range.setStart(text, match.index);
    range.setEnd(text, match.index + match[0].length);
    const { left, top, height } = range.getBoundingClientRect();
    context.fillText(match[0], left, top + height / 2);
  }
}

/** The line and marker of an arm. */
function paintMark(context: CanvasRenderingContext2D, mark: SVGSVGElement): void {
  const { left, top } = mark.getBoundingClientRect();
  context.save();
  context.translate(left, top);
  for (const line of mark.querySelectorAll("line")) {
    context.strokeStyle = line.getAttribute("stroke") ?? "grey";
    context.lineWidth = Number(line.getAttribute("stroke-width") ?? 1);
    context.setLineDash((line.getAttribute("stroke-dasharray") ?? "").split(" ").filter(Boolean).map(Number));
    context.beginPath();
    context.moveTo(line.x1.baseVal.value, line.y1.baseVal.value);
    context.lineTo(line.x2.baseVal.value, line.y2.baseVal.value);
    context.stroke();
  }
  for (const path of mark.querySelectorAll("path")) {
    const matrix = path.transform.baseVal.consolidate()?.matrix;
    if (matrix) context.transform(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f);
    context.fillStyle = path.getAttribute("fill") ?? "grey";
    context.fill(new Path2D(path.getAttribute("d") ?? ""));
  }
  context.restore();
}
