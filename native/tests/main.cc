#include <cstdio>
#include <exception>
#include <string>

#include "tests/check.h"

// core_tests [part of a file's or case's name]. Nothing is ever skipped: a case loops over what the
// machine has.
int main(int argc, char** argv) {
  const std::string filter = argc > 1 ? argv[1] : "";
  int passed = 0;
  int failed = 0;
  for (const spiq::tests::Case& test : spiq::tests::cases()) {
    const std::string file = test.file;
    const std::string title = file.substr(file.rfind('/') + 1) + ": " + test.name;
    if (title.find(filter) == std::string::npos) continue;
    std::string problem;
    try {
      test.body();
    } catch (const std::exception& error) {
      problem = error.what();
    }
    ++(problem.empty() ? passed : failed);
    std::printf("%s %s\n", problem.empty() ? "ok  " : "FAIL", title.c_str());
    if (!problem.empty()) std::printf("    %s\n", problem.c_str());
    std::fflush(stdout);
  }
  std::printf("%d passed, %d failed, 0 skipped\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
