import { mismatch, phrase, show } from '../../errors.js';
import { AttributeProto_AttributeType as AttributeType } from './gen/onnx_pb.js';
import type { AttributeProto, NodeProto, TensorProto } from './gen/onnx_pb.js';

interface AttributeKinds {
  readonly float: number;
  readonly int: number;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly string: string;
  readonly tensor: TensorProto;
}

type Declaration = Readonly<Record<string, keyof AttributeKinds>>;

type Read<Declared extends Declaration> = {
  readonly [Name in keyof Declared]?: AttributeKinds[Declared[Name]];
};

const typeNumbers: Readonly<Record<keyof AttributeKinds, AttributeType>> = {
  float: AttributeType.FLOAT,
  int: AttributeType.INT,
  floats: AttributeType.FLOATS,
  ints: AttributeType.INTS,
  string: AttributeType.STRING,
  tensor: AttributeType.TENSOR,
};

/** The attributes an operator declares; one it does not know is refused, since it may change the result. */
export function readAttributes<Declared extends Declaration>(
  node: NodeProto,
  declared: Declared,
  label: string,
): Read<Declared> {
  const values: Record<string, unknown> = {};
  for (const attribute of node.attribute) {
    const kind = Object.hasOwn(declared, attribute.name) ? declared[attribute.name] : undefined;
    if (kind === undefined) {
      const expected = `only ${Object.keys(declared).join(', ') || 'none'}`;
      throw mismatch('E_UNSUPPORTED', `${label}: attribute`, expected, attribute.name);
    }
    const what = `${label}: attribute ${show(attribute.name)}`;
    if (Object.hasOwn(values, attribute.name))
      throw mismatch('E_FORMAT', what, 'one value', phrase('two'));
    values[attribute.name] = readAttribute(attribute, kind, what);
  }
  return values as Read<Declared>;
}

function readAttribute(
  attribute: AttributeProto,
  kind: keyof AttributeKinds,
  what: string,
): unknown {
  const names: Readonly<Partial<Record<number, string>>> = AttributeType;
  // A damaged file can hold a number that the enumeration does not have.
  const received = names[attribute.type] ?? attribute.type;
  // IR versions before 3 leave the type out.
  if (attribute.type !== typeNumbers[kind] && attribute.type !== AttributeType.UNDEFINED) {
    throw mismatch('E_FORMAT', what, `type ${AttributeType[typeNumbers[kind]]}`, received);
  }
  if (kind === 'float') return attribute.f;
  if (kind === 'int') return Number(attribute.i);
  if (kind === 'floats') return attribute.floats;
  if (kind === 'ints') return attribute.ints.map(Number);
  if (kind === 'string') return new TextDecoder().decode(attribute.s);
  if (attribute.t === undefined) throw mismatch('E_FORMAT', what, 'a tensor', phrase('none'));
  return attribute.t;
}
