// Files that the programs read: the host's policy, what an agent keeps, the controller's settings.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "agent/app/state_directory.hpp"
#include "agent/app/state_file.hpp"
#include "agent/policy/host_policy.hpp"
#include "agent/policy/policy_file.hpp"
#include "controller/app/settings.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace runbook::fuzz {

void fuzz_host_policy(std::string_view input) {
  const auto policy = policy::parse_policy(std::string(input), "agent.yaml");
  RunCommand run;
  run.argv = {"/bin/sh", "-c"};
  run.script = std::string(input.substr(0, 64));
  run.run_as = "deploy";
  run.timeout = std::chrono::seconds(60);
  static_cast<void>(policy::simple_command(run.script));
  if (!policy) {
    require(!policy.error().message.empty(), "a refusal says why");
    return;
  }
  const auto objection = policy::objection(*policy, run, "agent");
  if (policy->read_only) require(objection.has_value(), "a host that may only be read runs nothing");
  run.run_as = "root";
  const bool only_others =
      policy->run_as && std::ranges::find(*policy->run_as, "root") == policy->run_as->end();
  if (only_others) require(policy::objection(*policy, run, "agent").has_value(), "nobody else is run as");
}

namespace {

// In memory where there is such a place.
class Folder {
 public:
  Folder() {
    std::string path = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    path += "/runbook-fuzz-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) std::abort();
    path_ = path;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

void fuzz_agent_state(std::string_view input) {
  static const Folder kFolder;
  const agent::StateDirectory state(kFolder.path());
  const auto write = [&](const char* name) {
    const auto written = agent::replace_file(kFolder.path() + "/" + name, input, 0600, agent::Durable::kNo);
    require(written.has_value(), "the file is written");
  };
  for (const auto* name : {"agent.json", "agent.key", "agent.crt", "ca.crt", "status.json"}) write(name);
  const auto identity = state.load_identity();
  if (identity) {
    require(!identity->agent.is_nil() || input.find("00000000") != std::string_view::npos,
            "an identity is somebody's");
  }
  static_cast<void>(state.load_status());
}

void fuzz_settings(std::string_view input) {
  try {
    const auto values = app::settings_from_yaml(std::string(input), "controller.yaml");
    static_cast<void>(app::resolve_settings({{"the file", values}}));
  } catch (const app::SettingsError& error) {
    require(*error.what() != '\0', "a refusal says why");
  }
}

}  // namespace runbook::fuzz
