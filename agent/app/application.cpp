#include "agent/app/application.hpp"

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "agent/app/commands.hpp"
#include "agent/app/state_directory.hpp"

namespace runbook::agent {
namespace {

// Started with closed standard descriptors, the first sockets would become 0, 1 and 2, and be given to
// commands.
void open_standard_descriptors() {
  int fd = 0;
  while (fd >= 0 && fd <= STDERR_FILENO) fd = ::open("/dev/null", O_RDWR);
  if (fd > STDERR_FILENO) ::close(fd);
}

void add_state_directory(CLI::App& command, std::string& path) {
  command.add_option("--state-dir", path, "Folder of the agent's key, certificate and status")
      ->type_name("DIR")
      ->capture_default_str();
}

void describe_enroll(CLI::App& command, EnrollOptions& options) {
  command
      .add_option("--controller", options.controller, "Agent listener of a controller, as https://HOST:PORT")
      ->required()
      ->type_name("URL");
  command.add_option("--token", options.token, "One-use enrolment token")->required()->type_name("T");
  command.add_option("--ca-sha256", options.ca_sha256, "SHA-256 of the fleet's CA; nothing else is trusted")
      ->required()
      ->type_name("HEX");
  command.add_option("--name", options.name, "Name of this host in Runbook Studio (default: its hostname)")
      ->type_name("NAME");
  command.add_option("--labels", options.labels, "Labels of this host, beside those of the token")
      ->type_name("KEY=VALUE,...");
  command.add_flag("--replace", options.replace, "Give up the identity that is there and become a new agent");
  add_state_directory(command, options.state_directory);
  command.footer(
      "Example:\n  runbook-agent enroll --controller https://runbooks.example.org:8443 --token T \\\n"
      "    --ca-sha256 HEX --labels role=web,env=prod");
}

}  // namespace

int run_program(int argc, char** argv) {
  open_standard_descriptors();
  CLI::App program(
      "Runs the commands of Runbook Studio on this host. It dials its controller and opens no port.",
      "runbook-agent");
  program.set_version_flag("--version", RUNBOOK_VERSION);
  program.require_subcommand(1);
  program.footer("Exit codes: 0 done, 1 not done (status: not connected), 2 wrong usage.");

  EnrollOptions options;
  options.state_directory = StateDirectory::default_path();
  RunOptions run_options;
  run_options.state_directory = options.state_directory;
  std::string state_directory = options.state_directory;
  CLI::App* enroll = program.add_subcommand("enroll", "Make this host an agent of a fleet, once");
  describe_enroll(*enroll, options);
  CLI::App* run =
      program.add_subcommand("run", "Serve the controller until SIGTERM; running commands are then stopped");
  add_state_directory(*run, run_options.state_directory);
  run->add_option("--controller", run_options.controller,
                  "Dial this address instead of the one the host was enrolled at")
      ->type_name("URL");
  run->add_option(
         "--policy", run_options.policy,
         "What this host lets its controller run (default: /etc/runbook-agent/agent.yaml, if it is there)")
      ->type_name("FILE");
  CLI::App* status =
      program.add_subcommand("status", "Say whether the agent is connected (exit code 0) and what it runs");
  add_state_directory(*status, state_directory);

  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? kDone : kWrongUsage;
  }
  if (enroll->parsed()) return enroll_host(options);
  return run->parsed() ? run_agent(run_options) : show_status(state_directory);
}

}  // namespace runbook::agent
