/** Sums over pairs of numbers, from which means and Pearson's correlation follow; pieces may come one after another. */
export class Pairs {
  #count = 0;
  #meanX = 0;
  #meanY = 0;
  #squaresX = 0;
  #squaresY = 0;
  #products = 0;

  /** Pieces are joined as in Chan, Golub and LeVeque (1983): no difference of large sums is taken. */
  add(x: ArrayLike<number>, y: ArrayLike<number>): void {
    const count = x.length;
    if (count === 0) return;
    let [sumX, sumY] = [0, 0];
    for (let i = 0; i < count; i += 1) {
      sumX += x[i]!;
      sumY += y[i]!;
    }
    const [meanX, meanY] = [sumX / count, sumY / count];
    let [squaresX, squaresY, products] = [0, 0, 0];
    for (let i = 0; i < count; i += 1) {
      const [dx, dy] = [x[i]! - meanX, y[i]! - meanY];
      squaresX += dx * dx;
      squaresY += dy * dy;
      products += dx * dy;
    }
    const total = this.#count + count;
    const [dx, dy] = [meanX - this.#meanX, meanY - this.#meanY];
    const between = (this.#count * count) / total;
    this.#squaresX += squaresX + dx * dx * between;
    this.#squaresY += squaresY + dy * dy * between;
    this.#products += products + dx * dy * between;
    this.#meanX += (dx * count) / total;
    this.#meanY += (dy * count) / total;
    this.#count = total;
  }

  get meanX(): number {
    return this.#meanX;
  }

  get meanY(): number {
    return this.#meanY;
  }

  /** Null where one of both never changes. */
  get correlation(): number | null {
    if (!(this.#squaresX > 0 && this.#squaresY > 0)) return null;
    return this.#products / Math.sqrt(this.#squaresX * this.#squaresY);
  }
}
