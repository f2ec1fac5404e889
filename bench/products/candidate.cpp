#include "candidate.h"

#include <dlfcn.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "multiply.h"

namespace products {
namespace {

class Library {
 public:
  explicit Library(const std::string& path) : handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) throw std::runtime_error(dlerror());
  }
  template <class Function>
  Function find(const std::string& name) const {
    void* symbol = dlsym(handle_, name.c_str());
    if (symbol == nullptr) throw std::runtime_error("no symbol " + name);
    return reinterpret_cast<Function>(symbol);
  }

 private:
  void* handle_;  // stays open until the process ends: the library's threads outlive every call
};

Multiply openOwn(const std::string& levelName, int threads) {
  const Level* level = findLevel(levelName.c_str());
  if (level == nullptr) throw std::runtime_error("this processor or build lacks " + levelName);
  auto pool = std::make_shared<ThreadPool>(threads);
  return [level, pool](const Case& s, const float* a, const float* b, float* c) {
    const Stride aStride = s.aStride(), bStride = s.bStride();
    multiply({static_cast<std::size_t>(s.rows), static_cast<std::size_t>(s.depth),
              static_cast<std::size_t>(s.columns), a, s.transposeA ? 1 : aStride,
              s.transposeA ? aStride : 1, b, s.transposeB ? 1 : bStride, s.transposeB ? bStride : 1, c,
              s.columns, false},
             *level, *pool);
  };
}

Multiply openCblas(const Library& library, const std::string& prefix) {
  constexpr int rowMajor = 101, plain = 111, transposed = 112;  // cblas.h
  const auto sgemm =
      library.find<void (*)(int, int, int, int, int, int, float, const float*, int, const float*, int,
                            float, float*, int)>(prefix + "cblas_sgemm");
  return [sgemm](const Case& s, const float* a, const float* b, float* c) {
    sgemm(rowMajor, s.transposeA ? transposed : plain, s.transposeB ? transposed : plain, s.rows,
          s.columns, s.depth, 1.0F, a, s.aStride(), b, s.bStride(), 0.0F, c, s.columns);
  };
}

Multiply openOneDnn(const Library& library) {
  const auto sgemm = library.find<int (*)(char, char, long, long, long, float, const float*, long,
                                          const float*, long, float, float*, long)>("dnnl_sgemm");
  return [sgemm](const Case& s, const float* a, const float* b, float* c) {
    const int status = sgemm(s.transposeA ? 'T' : 'N', s.transposeB ? 'T' : 'N', s.rows, s.columns,
                             s.depth, 1.0F, a, s.aStride(), b, s.bStride(), 0.0F, c, s.columns);
    if (status != 0) throw std::runtime_error("dnnl_sgemm returned " + std::to_string(status));
  };
}

}  // namespace

Multiply openCandidate(const std::string& kind, const std::string& libraryPath,
                       const std::string& prefix, int threads) {
  if (kind == "own") return openOwn(libraryPath, threads);
  // Read by the OpenMP runtimes of oneDNN and MKL when their library is loaded.
  setenv("OMP_NUM_THREADS", std::to_string(threads).c_str(), 1);
  const Library library(libraryPath);
  if (kind == "onednn") return openOneDnn(library);
  if (kind == "mkl") {
    library.find<void (*)(int)>("MKL_Set_Num_Threads")(threads);
    return openCblas(library, "");
  }
  if (kind != "cblas") throw std::runtime_error("unknown kind of candidate: " + kind);
  library.find<void (*)(int)>(prefix + "openblas_set_num_threads")(threads);
  return openCblas(library, prefix);
}

}  // namespace products
