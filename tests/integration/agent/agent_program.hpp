// AgentProgram: runbook-agent as a program, with a state folder of its own and a controller in the test's
// process.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "protocol/runtime/random.hpp"
#include "tests/integration/agent/child_program.hpp"
#include "tests/integration/agent/fake_controller.hpp"

namespace runbook::connection {

inline Time present() {
  return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now());
}

class AgentProgram : public testing::Test {
 protected:
  AgentProgram() {
    std::string pattern = testing::TempDir() + "/agent-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
    state_ = root_ + "/state/agent";
  }
  ~AgentProgram() override { std::filesystem::remove_all(root_); }

  static std::vector<std::string> words(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), RUNBOOK_AGENT_PROGRAM);
    return arguments;
  }
  std::vector<std::string> enrolment(const std::string& token, std::vector<std::string> more = {}) const {
    std::vector<std::string> all = {
        "enroll", "--controller", controller_.url(), "--token", token, "--ca-sha256", authority_.sha256(),
        "--name", "web-1",        "--state-dir",     state_};
    all.insert(all.end(), more.begin(), more.end());
    return words(all);
  }
  template <class F>
  void run_until(const F& done) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    io_.restart();
    while (!done() && std::chrono::steady_clock::now() < limit)
      io_.run_one_for(std::chrono::milliseconds(20));
    EXPECT_TRUE(done());
  }
  int enroll(ChildProgram& program) {
    run_until([&] { return program.ended(); });
    return program.wait();
  }
  int enroll() {
    ChildProgram program(enrolment("token-1", {"--labels", "role=web,env=test"}));
    return enroll(program);
  }
  // Exit code and text of a command that needs no controller.
  static std::pair<int, std::string> simple(std::vector<std::string> arguments) {
    ChildProgram program(words(std::move(arguments)));
    const int code = program.wait();
    return {code, program.output()};
  }
  static mode_t mode(const std::string& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
  }
  static bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }

  // A script for the agent, to be over after `timeout`.
  Uuid order(const std::string& script, std::chrono::seconds timeout) {
    RunCommand run;
    run.attempt = runtime::new_uuid();
    run.argv = {"/bin/sh"};
    run.script = script;
    run.timeout = timeout;
    run.stop_grace = timeout;
    run.expires_at = present() + std::chrono::seconds(30);
    controller_.send(run);
    return run.attempt;
  }

  std::string root_;
  std::string state_;
  certs::FleetAuthority authority_ = certs::FleetAuthority::create();
  boost::asio::io_context io_{1};
  FakeController controller_{io_, authority_};
};

}  // namespace runbook::connection
