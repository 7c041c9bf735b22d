import type { EChartsOption } from "echarts";
import { useEffect, useRef, useState } from "react";

import { fetched } from "../shell/arriving";
import { Broken } from "../shell/Boundary";
import { useTheme } from "../shell/theme";
import type { Cell } from "../text/csv";
import type { EChartsType } from "./canvas";
import { Crosshair } from "./crosshair";
import { saveCsv, savePng, type LegendKey } from "./downloads";
import { INK } from "./palette";
import { Pointer, type Behaviour, type Reading } from "./pointer";

interface Props {
  option: EChartsOption;
  height: number;
  /** What the chart shows, for those who do not see it. */
  label: string;
  /** Names the downloaded files; without it there are none. */
  file?: string;
  /** Stands above the chart in its picture; without it the label does. */
  title?: string;
  /** Which line is which, for the picture. */
  keys?: LegendKey[];
  /** What the chart shows, as rows with a header. */
  csv?: () => Cell[][];
  /** What can be read off it; without it ECharts' own tooltip is left to say it. */
  reading?: Reading;
  /** Shared with charts of the same x axis: pointing at one marks the place in all. */
  crosshair?: Crosshair;
  /** The series of this name comes forward, the others step back. */
  focus?: string | null;
  onZoom?: (low: number, high: number) => void;
  onUnzoom?: () => void;
  /** The reader chose a place on the x axis. */
  onPick?: (x: number) => void;
  /** For what no option says: events, and actions. Called once it is drawn. */
  onReady?: (chart: EChartsType) => void;
}

/** A canvas that follows its box and its option without starting over. */
export function Chart(props: Props) {
  const { option, height, label, reading, focus = null } = props;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const pointer = useRef<Pointer | null>(null);
  const latest = useRef(props);
  const [alone] = useState(() => new Crosshair());
  const [said, say] = useState("");
  const [broken, setBroken] = useState<Error | null>(null);
  const crosshair = props.crosshair ?? alone;
  latest.current = props;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let gone = false;
    const resize = new ResizeObserver(() => {
      chart.current?.resize();
      pointer.current?.refresh();
    });
    function draw({ init }: typeof import("./canvas")) {
      if (gone || !element) return;
      chart.current = init(element);
      chart.current.setOption(latest.current.option);
      bringForward(chart.current, latest.current.focus ?? null);
      latest.current.onReady?.(chart.current);
      pointer.current = new Pointer(element, chart.current, crosshair, () => behaviourOf(latest.current), say);
      resize.observe(element);
    }
    fetched(() => import("./canvas")).then(draw).catch(setBroken);
    return () => {
      gone = true;
      resize.disconnect();
      pointer.current?.dispose();
      chart.current?.dispose();
      chart.current = null;
      pointer.current = null;
    };
  }, [crosshair]);

  useEffect(() => {
    chart.current?.setOption(option, { replaceMerge: ["series"] });
    if (chart.current && latest.current.focus) bringForward(chart.current, latest.current.focus);
    pointer.current?.refresh();
  }, [option]);

  useEffect(() => {
    if (chart.current) bringForward(chart.current, focus);
  }, [focus]);

  if (broken) return <Broken error={broken} />;
  return (
    <figure className="chart">
      <div
        ref={box}
        className={["chart-box", props.onZoom ? "zoomable" : "", props.onPick ? "pickable" : ""].join(" ").trim()}
        role={reading ? "group" : "img"}
        aria-label={label}
        tabIndex={reading ? 0 : undefined}
        style={{ height }}
      />
      {reading && (
        <p className="visually-hidden" role="status">
          {said}
        </p>
      )}
      <Downloads {...props} chart={() => chart.current} />
    </figure>
  );
}

function Downloads({ chart, label, file, title = label, keys = [], csv }: Props & { chart: () => EChartsType | null }) {
  const theme = useTheme();
  if (!file) return null;
  function picture() {
    const drawn = chart();
    if (drawn && file) savePng(drawn, { title, keys, ink: INK[theme] }, file);
  }
  return (
    <div className="chart-save">
      <button type="button" className="button quiet" aria-label={`PNG of ${title}`} onClick={picture}>
        PNG
      </button>
      {csv && (
        <button type="button" className="button quiet" aria-label={`CSV of ${title}`} onClick={() => saveCsv(csv(), file)}>
          CSV
        </button>
      )}
    </div>
  );
}

function behaviourOf({ reading, onZoom, onUnzoom, onPick }: Props): Behaviour {
  return { reading, onZoom, onUnzoom, onPick };
}

/**
 * By ECharts' states, which change styles alone: nothing is computed or laid out again. Each series
 * of the name makes the others step back, those of the same name too; so they are called twice.
 */
function bringForward(chart: EChartsType, name: string | null): void {
  chart.dispatchAction({ type: "downplay" });
  if (name === null) return;
  chart.dispatchAction({ type: "highlight", batch: [{ seriesName: name }, { seriesName: name, notBlur: true }] });
}
