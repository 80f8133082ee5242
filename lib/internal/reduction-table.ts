// The reductions of elements of every type, by operation: the native functions, and the short ones where there are any.
import { arrayNames } from './elements';
import { nativeReduce, type NativeDot, type NativeReduce } from './native';
import { shortDots, shortReductions, type ShortDot, type ShortReduction } from './short-reductions';
import { elementTypes, reduceOps, type ElementType, type ReduceOp } from './tables';

/** The operations on one input. */
export type UnaryOp = Exclude<ReduceOp, 'dot'>;

/** What operations on elements of one type know of the type. */
interface Typed {
  readonly type: ElementType;
  /** The index of the type in `elementTypes`. */
  readonly typeIndex: number;
  readonly elementBytes: number;
  /** The arrays of the type that need no closer look. */
  readonly arrayName: string;
}

/** One operation on elements of one type. */
export interface ElementReduction extends Typed {
  /** The index of the operation in `reduceOps`. */
  readonly opIndex: number;
  readonly native: NativeReduce;
  readonly short: ShortReduction | undefined;
}

/** The dot product of elements of one type. */
export interface ElementDot extends Typed {
  readonly native: NativeDot;
  readonly short: ShortDot | undefined;
}

/** One thing for every element type. */
export type ByType<Value> = Readonly<Record<ElementType, Value>>;

function byType<Value>(make: (typed: Typed) => Value): ByType<Value> {
  const entries = elementTypes.map(({ label: type, size }, typeIndex) => {
    return [type, make({ type, typeIndex, elementBytes: size, arrayName: arrayNames[type] })] as const;
  });
  return Object.fromEntries(entries) as Record<ElementType, Value>;
}

function reductionsOf(op: UnaryOp): ByType<ElementReduction> {
  const opIndex = reduceOps.indexOf(op);
  return byType((typed) => ({
    ...typed,
    opIndex,
    native: nativeReduce[opIndex]![typed.typeIndex]!,
    short: shortReductions[op]?.[typed.type],
  }));
}

const unaryOps = reduceOps.filter((op) => op !== 'dot');

/** Every operation on one input. */
export const reductions = Object.fromEntries(unaryOps.map((op) => [op, reductionsOf(op)])) as Readonly<
  Record<UnaryOp, ByType<ElementReduction>>
>;

/** The dot products. */
export const dots: ByType<ElementDot> = byType((typed) => ({
  ...typed,
  native: nativeReduce[reduceOps.indexOf('dot')]![typed.typeIndex] as unknown as NativeDot,
  short: shortDots[typed.type],
}));
