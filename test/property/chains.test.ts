import { neuronRecipes } from './recipe.js';
import { itAgrees } from './agree.js';
import { dense, flat, planes, recipes, someOf } from './layers.js';

const plainNeurons = neuronRecipes.map((recipe) => ({ ...recipe, perChannel: false, initial: 0 }));

describe('property: fully connected chains', () => {
  itAgrees('of flat inputs', recipes(flat, someOf(dense, 3), plainNeurons), 60);
  itAgrees('of flattened inputs', recipes(planes, someOf(dense, 2), plainNeurons), 15);
});

describe('property: neurons with initial potentials and thresholds for each channel', () => {
  itAgrees('in fully connected chains', recipes(flat, someOf(dense, 3)), 30);
});
