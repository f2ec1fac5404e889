// Row-major products rows x depth x columns. A layer with inputs x (batch x in) and weights w (in x out)
// needs three: y = x w, dw = xT dy and dx = dy wT; a transposed operand is stored as its layer stores it.
function layer(name, group, batch, inputs, outputs) {
  return [
    product(`${name} forward`, group, batch, inputs, outputs, false, false),
    product(`${name} dw`, group, inputs, batch, outputs, true, false),
    product(`${name} dx`, group, batch, outputs, inputs, false, true),
  ];
}

function product(name, group, rows, depth, columns, transposeA = false, transposeB = false) {
  return { name, group, rows, depth, columns, transposeA, transposeB };
}

export const cases = [
  product('act 4-16', 'tiny', 1, 4, 16),
  product('act 16-16', 'tiny', 1, 16, 16),
  ...layer('hidden 16-16 B128', 'tiny', 128, 16, 16),
  product('input 4-16 B128', 'tiny', 128, 4, 16),
  ...layer('output 16-2 B256', 'tiny', 256, 16, 2),
  product('Patel act 6400-1000', 'patel', 1, 6400, 1000),
  ...layer('Patel 6400-1000 B32', 'patel', 32, 6400, 1000),
  ...layer('Patel 1000-4 B640', 'patel', 640, 1000, 4),
  // Nature convolutions as im2col: batch 32 times the output positions.
  ...layer('Nature conv1', 'nature', 32 * 400, 256, 32),
  ...layer('Nature conv2', 'nature', 32 * 81, 512, 64),
  ...layer('Nature conv3', 'nature', 32 * 49, 576, 64),
  ...layer('Nature fc1', 'nature', 32, 3136, 512),
  ...layer('Nature fc2', 'nature', 32, 512, 4),
  product('square 1024', 'reference', 1024, 1024, 1024),
];
