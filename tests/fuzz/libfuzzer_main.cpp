// The program libFuzzer drives: RUNBOOK_FUZZ_TARGET says which target, or --list prints them all.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/fuzz/fuzz_target.hpp"

namespace {

const runbook::fuzz::Target* chosen = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  const bool list = *count == 2 && std::string_view((*arguments)[1]) == "--list";
  const char* name = std::getenv("RUNBOOK_FUZZ_TARGET");
  for (const auto& target : runbook::fuzz::kTargets) {
    if (list) std::printf("%s %zu\n", std::string(target.name).c_str(), target.most_bytes);
    if (name != nullptr && target.name == name) chosen = &target;
  }
  if (list) std::exit(0);
  if (chosen != nullptr) return 0;
  std::fputs("RUNBOOK_FUZZ_TARGET names no target\n", stderr);
  std::exit(1);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen->run({reinterpret_cast<const char*>(data), size});
  return 0;
}
