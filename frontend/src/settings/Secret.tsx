import { CopyLine } from "../shell/CopyLine";
import { Notice } from "../shell/Notice";

interface Props {
  title: string;
  label: string;
  text: string;
  onDone: () => void;
}

/** A secret that nobody can show again. */
export function Secret({ title, label, text, onDone }: Props) {
  return (
    <Notice tone="warn" title={title}>
      <div className="secret-once">
        <p>Copy it now: it is kept nowhere and cannot be shown again.</p>
        <CopyLine label={label} text={text} />
        <button type="button" className="button" onClick={onDone}>
          I have copied it
        </button>
      </div>
    </Notice>
  );
}
