// Finds the reduction for data: of the element type that is named, else of the one that the data brings along.
import { createError } from '../errors';
import { ownTypes } from './elements';
import { toTypedArray } from './inspect-view';
import { typedArrayName } from './intrinsics';
import type { ByType } from './reduction-table';
import { Status, type ElementType } from './tables';
import { quote, wrongType } from './validate';

/** The entry of a table for an element type that the user has named; an error for anything that is no element type. */
export function selectByName<Value>(table: ByType<Value>, type: unknown): Value {
  if (typeof type !== 'string') throw wrongType('type', 'a string', type);
  if (Object.hasOwn(table, type)) return table[type as ElementType];
  throw createError(Status.ElementType, `${quote(type)} is none of ${Object.keys(table).join(', ')}`);
}

/** The entry of a table for the elements of a typed array; an error for raw bytes, whose type must be named. */
export function selectByData<Value>(table: ByType<Value>, data: unknown): Value {
  const name = typedArrayName(data);
  if (name === undefined) toTypedArray(data);
  if (name === undefined || (name === 'Uint8Array' && Buffer.isBuffer(data))) {
    throw createError(Status.ElementType, 'raw bytes need one, such as "f32"');
  }
  const type = ownTypes[name];
  if (type === undefined) throw createError(Status.ElementType, `${name} has none of ${Object.keys(table).join(', ')}`);
  return table[type];
}
