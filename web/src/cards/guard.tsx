// What cannot be drawn is said where it would stand: one element of a card never takes the page with it.
import { Component, type ReactNode } from "react";
import { useWords } from "../words/words.ts";

interface Props {
  /** What is drawn. Another one is tried anew. */
  readonly of: unknown;
  readonly children: ReactNode;
}

interface State {
  readonly of: unknown;
  readonly hasFailed: boolean;
}

export class Guard extends Component<Props, State> {
  override state: State = { of: this.props.of, hasFailed: false };

  static getDerivedStateFromProps({ of }: Props, state: State): State | null {
    return of === state.of ? null : { of, hasFailed: false };
  }

  static getDerivedStateFromError(): Partial<State> {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <NotDrawn /> : this.props.children;
  }
}

function NotDrawn(): ReactNode {
  return <p className="quiet">{useWords()("card.notDrawn")}</p>;
}
