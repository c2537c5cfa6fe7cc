// Runs every target over its inputs of tests/fuzz/corpus, whole, cut and with a byte changed: what was found
// once stays found, without libFuzzer.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_target.hpp"

namespace runbook::fuzz {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> inputs_of(std::string_view target) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(RUNBOOK_FUZZ_CORPUS) / target)) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<std::string> inputs = {""};
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return inputs;
}

class Corpus : public ::testing::TestWithParam<Target> {};

TEST_P(Corpus, KeepsEveryPromise) {
  constexpr std::size_t kCuts = 16;
  const auto inputs = inputs_of(GetParam().name);
  EXPECT_GT(inputs.size(), 1U) << "it has no corpus";
  for (const auto& input : inputs) {
    EXPECT_NO_THROW(GetParam().run(input)) << input;
    const auto step = std::max<std::size_t>(1, input.size() / kCuts);
    for (std::size_t at = 0; at < input.size(); at += step) {
      EXPECT_NO_THROW(GetParam().run(std::string_view(input).substr(0, at))) << input << " cut at " << at;
      auto changed = input;
      changed[at] = static_cast<char>(changed[at] ^ (1 << (at % 8)));
      EXPECT_NO_THROW(GetParam().run(changed)) << changed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Fuzz, Corpus, ::testing::ValuesIn(kTargets),
                         [](const auto& target) { return std::string(target.param.name); });

}  // namespace
}  // namespace runbook::fuzz
