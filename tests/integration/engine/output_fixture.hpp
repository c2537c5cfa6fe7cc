// OutputTest: commands that print random bytes, remembered to compare with what is stored.
#pragma once

#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "controller/store/output_reader.hpp"
#include "tests/integration/engine/engine_fixture.hpp"

namespace runbook::testing {

inline constexpr auto kOneCommand =
    R"([{"name": "Print", "type": "command", "config": {"command": "print"}}])";

inline std::string random_bytes(std::mt19937& random, std::size_t count) {
  std::string bytes(count, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(random() % 7 == 0 ? '\n' : random());
  return bytes;
}

class OutputTest : public EngineTest {
 protected:
  OutputTest() {
    add_agent("web1");
    add_agent("web2");
    script = [this](const RunCommand& command) { return printed(command); };
    runbook = add_runbook(kOneCommand);
  }

  // Random frames, the same for a host each time; remembered to compare with.
  Script printed(const RunCommand& command) {
    const auto host = command.environment.at("RUNBOOK_HOST");
    std::mt19937 random(seed + static_cast<unsigned>(host.back()));
    Script script_of_host;
    auto& sent = expected[host];
    sent = {};
    for (std::size_t i = 0; i < frames; ++i) {
      const auto stream = random() % 3 == 0 ? Stream::kStderr : Stream::kStdout;
      auto data = random_bytes(random, 1 + random() % frame_bytes);
      sent[stream == Stream::kStdout ? 0 : 1] += data;
      script_of_host.output.emplace_back(stream, std::move(data));
    }
    return script_of_host;
  }

  void run(std::vector<std::string> hosts) {
    start();
    execution = execute(runbook, std::move(hosts));
    run_until([&] { return ended(execution); });
    step = step_ids(execution)[0];
  }

  void expect_exact() {
    for (const auto& [host, outcome] : outcomes(step)) {
      EXPECT_EQ(outcome.status, "success");
      EXPECT_TRUE(outcome.complete);
      EXPECT_TRUE(outcome.standard_output == expected.at(host)[0]) << host;
      EXPECT_TRUE(outcome.standard_error == expected.at(host)[1]) << host;
    }
  }

  std::string read(store::OutputView view, std::size_t limit) {
    store::OutputReader reader(life_database());
    std::string all;
    for (;;) {
      const auto piece = call(reader.read(view, all.size(), limit));
      if (!piece || piece->data.empty()) return all;
      EXPECT_EQ(piece->offset, all.size());
      EXPECT_LE(piece->data.size(), limit);
      all += piece->data;
    }
  }

  unsigned seed = 1;
  std::size_t frames = 60;
  std::size_t frame_bytes = 3'000;
  std::map<std::string, std::array<std::string, 2>> expected;
  Uuid runbook;
  Uuid execution;
  Uuid step;
};

}  // namespace runbook::testing
