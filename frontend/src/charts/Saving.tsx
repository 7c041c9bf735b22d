import type { RefObject } from "react";

import type { Cell } from "../text/csv";
import { saveBlob, saveCsv } from "./downloads";
import { paint } from "./paint";

interface Props {
  /** What it shows, for the names of the buttons. */
  title: string;
  /** Names the files. */
  file: string;
  /** The part of the page that is painted. */
  picture: RefObject<HTMLElement | null>;
  csv: () => Cell[][];
}

/** The downloads of a chart that is HTML, as `Chart` has them for a canvas. */
export function Saving({ title, file, picture, csv }: Props) {
  function save() {
    if (picture.current) paint(picture.current).toBlob((blob) => blob && saveBlob(blob, `${file}.png`), "image/png");
  }
  return (
    <span className="card-actions saving" data-unpainted>
      <button type="button" className="button quiet" aria-label={`PNG of ${title}`} onClick={save}>
        PNG
      </button>
      <button type="button" className="button quiet" aria-label={`CSV of ${title}`} onClick={() => saveCsv(csv(), file)}>
        CSV
      </button>
    </span>
  );
}
