import { DASHES, MARKERS, type ArmStyle } from "./palette";

/** A short piece of an arm's line, as charts draw it. */
export function ArmMark({ style, width = 24 }: { style: ArmStyle | undefined; width?: number }) {
  if (!style) return null;
  const size = 8;
  return (
    <svg className="arm-mark" width={width} height="10" viewBox={`0 0 ${width} 10`} aria-hidden="true">
      <line x1="0" x2={width} y1="5" y2="5" stroke={style.color} strokeWidth={style.width + 0.25} strokeDasharray={DASHES[style.dash].join(" ") || undefined} />
      {style.marker && (
        <path d={MARKERS[style.marker]} fill={style.color} transform={`translate(${(width - size) / 2} ${5 - size / 2}) scale(${size / 10})`} />
      )}
    </svg>
  );
}
