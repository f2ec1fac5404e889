#include "core/convert/merge_linear.h"

#include <algorithm>
#include <map>
#include <memory>

namespace spiq {

namespace {

// What a vector is made of: a matrix for each place that it reads, and a constant.
struct Affine {
  struct Term {
    std::size_t place;
    std::vector<double> matrix;  // [size][size of the place]
  };
  std::vector<Term> terms;  // in the order in which they were met
  std::vector<double> constant;
  std::size_t merged = 0;  // dense nodes and scales in it

  std::size_t weights() const {
    std::size_t count = 0;
    for (const Term& term : terms) count += term.matrix.size();
    return count;
  }
};

class Merging {
 public:
  explicit Merging(const Arrangement& arrangement)
      : places_(arrangement.places), output_(arrangement.output), forms_(places_.size()) {}

  // The affine forms of all vectors that dense layers, scales and sums give.
  void derive() {
    for (std::size_t i = 0; i < places_.size(); ++i) forms_[i] = formOf(i);
  }

  // Whether anything reads what place `index` gives, other than as a part of a form.
  bool isNeeded(std::size_t index) const {
    if (forms_[index] == nullptr || index == output_) return true;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      for (const auto& source : places_[i].sources) {
        if (source.place == index && (forms_[i] == nullptr || source.delay != 0)) return true;
      }
      if (forms_[i] == nullptr) continue;
      for (const auto& term : forms_[i]->terms) {
        if (term.place == index) return true;
      }
    }
    return false;
  }

  // Forms of one node are that node already.
  bool isMerged(std::size_t index) const {
    return forms_[index] != nullptr && forms_[index]->merged > 1;
  }
  bool changesAnything() const {
    for (std::size_t i = 0; i < forms_.size(); ++i) {
      if (isMerged(i) && isNeeded(i)) return true;
    }
    return false;
  }
  const Affine& form(std::size_t index) const { return *forms_[index]; }

 private:
  std::size_t sizeOf(std::size_t place) const {
    return static_cast<std::size_t>(places_[place].shape[0]);
  }

  std::unique_ptr<Affine> formOf(std::size_t index) const {
    const auto& place = places_[index];
    const bool prompt = std::all_of(place.sources.begin(), place.sources.end(),
                                    [](const auto& source) { return source.delay == 0; });
    if (place.shape.size() != 1 || !prompt) return nullptr;
    if (const auto* dense = place.node->as<DenseNode>()) return afterDense(index, *dense);
    if (const auto* scale = place.node->as<ScaleNode>()) return afterScale(index, *scale);
    if (place.node->as<AddNode>() != nullptr) return afterAdd(index);
    return nullptr;
  }

  std::unique_ptr<Affine> afterDense(std::size_t index, const DenseNode& dense) const {
    const std::size_t source = places_[index].sources.front().place;
    const auto rows = static_cast<std::size_t>(dense.outputs());
    const auto inner = static_cast<std::size_t>(dense.inputs());
    auto form = std::make_unique<Affine>();
    form->merged = 1;
    form->constant.assign(rows, 0.0);
    if (dense.bias) form->constant.assign(dense.bias->data.begin(), dense.bias->data.end());
    const Affine* before = forms_[source].get();
    if (before != nullptr && productGrows(*before, rows, inner)) before = nullptr;
    if (before == nullptr) {
      form->terms.push_back({source, {dense.weight.data.begin(), dense.weight.data.end()}});
      return form;
    }
    form->merged += before->merged;
    for (std::size_t o = 0; o < rows; ++o) {
      for (std::size_t i = 0; i < inner; ++i)
        form->constant[o] += dense.weight.data[o * inner + i] * before->constant[i];
    }
    for (const auto& term : before->terms) {
      const std::size_t columns = sizeOf(term.place);
      std::vector<double> product(rows * columns);
      for (std::size_t o = 0; o < rows; ++o) {
        for (std::size_t i = 0; i < inner; ++i) {
          const double weight = dense.weight.data[o * inner + i];
          for (std::size_t c = 0; c < columns; ++c)
            product[o * columns + c] += weight * term.matrix[i * columns + c];
        }
      }
      form->terms.push_back({term.place, std::move(product)});
    }
    return form;
  }

  bool productGrows(const Affine& before, std::size_t rows, std::size_t inner) const {
    std::size_t product = 0;
    for (const auto& term : before.terms) product += rows * sizeOf(term.place);
    return product > before.weights() + rows * inner;
  }

  std::unique_ptr<Affine> afterScale(std::size_t index, const ScaleNode& scale) const {
    const Affine* before = forms_[places_[index].sources.front().place].get();
    if (before == nullptr) return nullptr;
    auto form = std::make_unique<Affine>(*before);
    ++form->merged;
    const std::size_t size = form->constant.size();
    for (std::size_t o = 0; o < size; ++o) {
      const double factor = scale.factor.data[o];
      form->constant[o] =
          factor * form->constant[o] + (scale.offset ? scale.offset->data[o] : 0.0F);
      for (auto& term : form->terms) {
        const std::size_t columns = sizeOf(term.place);
        for (std::size_t c = 0; c < columns; ++c) term.matrix[o * columns + c] *= factor;
      }
    }
    return form;
  }

  // Only sums of forms: others read activations as they are.
  std::unique_ptr<Affine> afterAdd(std::size_t index) const {
    auto form = std::make_unique<Affine>();
    for (const auto& source : places_[index].sources) {
      const Affine* before = forms_[source.place].get();
      if (before == nullptr) return nullptr;
      form->merged += before->merged;
      if (form->constant.empty()) form->constant.assign(before->constant.size(), 0.0);
      for (std::size_t o = 0; o < form->constant.size(); ++o)
        form->constant[o] += before->constant[o];
      for (const auto& term : before->terms) accumulate(*form, term);
    }
    return form;
  }

  static void accumulate(Affine& form, const Affine::Term& term) {
    for (auto& own : form.terms) {
      if (own.place != term.place) continue;
      for (std::size_t e = 0; e < own.matrix.size(); ++e) own.matrix[e] += term.matrix[e];
      return;
    }
    form.terms.push_back(term);
  }

  const std::vector<Arrangement::Place>& places_;
  std::size_t output_;
  std::vector<std::unique_ptr<Affine>> forms_;
};

DenseNode denseOf(const Affine::Term& term, std::size_t rows) {
  DenseNode dense;
  dense.weight.shape = {static_cast<std::int64_t>(rows),
                        static_cast<std::int64_t>(term.matrix.size() / rows)};
  dense.weight.data.assign(term.matrix.begin(), term.matrix.end());
  return dense;
}

// One dense node for each term, summed where there are several; the last carries the node's name.
void write(Graph& merged, const Arrangement& arrangement, std::size_t index, const Affine& form) {
  const std::string& name = arrangement.places[index].node->name;
  const std::size_t rows = form.constant.size();
  const bool several = form.terms.size() > 1;
  for (std::size_t t = 0; t < form.terms.size(); ++t) {
    DenseNode dense = denseOf(form.terms[t], rows);
    if (t == 0)
      dense.bias = Tensor{{dense.outputs()}, {form.constant.begin(), form.constant.end()}};
    const std::string& from = arrangement.places[form.terms[t].place].node->name;
    const std::string own = several ? name + " of " + from : name;
    merged.edges.push_back({from, own, 0});
    if (several) merged.edges.push_back({own, name, 0});
    merged.nodes.push_back({own, std::move(dense)});
  }
  if (several) merged.nodes.push_back({name, AddNode()});
}

}  // namespace

Result<Graph> mergeLinear(const Graph& graph) {
  const Result<Arrangement> arrangement = arrange(graph);
  if (!arrangement.ok()) return arrangement.status();
  const auto& places = arrangement.value().places;
  Merging merging(arrangement.value());
  merging.derive();
  if (!merging.changesAnything()) return graph;

  Graph merged;
  merged.epsilon = graph.epsilon;
  merged.outputs = graph.outputs;
  std::map<std::string, std::size_t> placeOf;
  for (std::size_t i = 0; i < places.size(); ++i) placeOf[places[i].node->name] = i;
  for (const Edge& edge : graph.edges) {
    const std::size_t to = placeOf[edge.to];
    if (!merging.isMerged(to) && merging.isNeeded(to)) merged.edges.push_back(edge);
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!merging.isNeeded(i)) continue;
    if (merging.isMerged(i)) {
      write(merged, arrangement.value(), i, merging.form(i));
    } else {
      merged.nodes.push_back(*places[i].node);
    }
  }
  if (Status status = arrange(merged).status(); !status.ok()) return status;
  return merged;
}

}  // namespace spiq
