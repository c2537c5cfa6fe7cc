#include "controller/app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>

#include "controller/app/authority_commands.hpp"
#include "controller/app/authority_files.hpp"
#include "controller/app/dev_command.hpp"
#include "controller/app/environment.hpp"
#include "controller/app/eval_command.hpp"
#include "controller/app/key_commands.hpp"
#include "controller/app/serve_command.hpp"
#include "controller/app/settings.hpp"
#include "protocol/runtime/detached_process.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::app {
namespace {

constexpr const char* kAbout =
    "Runbook Studio's controller: REST API, web UI and the agents' other end.\n"
    "Settings come from a YAML file (--config), then the environment (RUNBOOK_DATABASE_URL is the file's "
    "database_url; a .env file in the working directory counts as environment), then flags.";

constexpr const char* kDevAbout =
    "Runs a whole system on this machine: PostgreSQL, the controller and local agents, all in one folder.\n"
    "Ctrl-C or SIGTERM stops all of it. After a crash the next start finds PostgreSQL and the agents again.";

constexpr const char* kDevExample =
    "Example:\n"
    "  runbook-controller dev --data-dir ./studio\n"
    "It prints READY and an address when it serves, then a sign-in link and the place of the admin key.";

constexpr const char* kServeExample =
    "Example of FILE:\n"
    "  database_url: postgresql://runbook_controller@db.example/runbook\n"
    "  database_owner_url: postgresql://runbook@db.example/runbook   # for migrate only\n"
    "  listen: 0.0.0.0:443            # https: beyond loopback nothing is served in the clear\n"
    "  tls_certificate: /etc/runbook/public.pem\n"
    "  tls_key: /etc/runbook/public.key\n"
    "  agent_listen: 0.0.0.0:8443\n"
    "  ca_certificate: /etc/runbook/fleet.pem\n"
    "  ca_key: /etc/runbook/fleet.key\n"
    "  dispatch_key_file: /etc/runbook/dispatch.key  # signs commands: openssl genpkey -algorithm ed25519\n"
    "  audit_key_file: /etc/runbook/audit.key      # 64 hex digits: openssl rand -hex 32\n"
    "  audit_checkpoint_file: /var/lib/runbook/audit-checkpoints.jsonl\n"
    "Run `runbook-controller migrate --config FILE` before the first start and after an upgrade.";

constexpr const char* kEvalAbout =
    "Evaluates an expression as conditions and ${{ }} have them (a subset of CEL) and prints its value as "
    "JSON.\n"
    "The argument after eval is the expression, even when it begins with a minus. Needs no database, key or "
    "configuration.";

constexpr const char* kEvalExample =
    "Example:\n"
    "  runbook-controller eval 'params.size > 2 && steps.check.stdout.contains(\"ok\")' --context "
    "variables.json\n"
    "where variables.json is\n"
    "  {\"params\": {\"size\": 3}, \"steps\": {\"check\": {\"stdout\": \"all ok\"}}}\n"
    "It prints true. An error is shown with its line and column, and the exit status is 1.";

const std::vector<std::string_view> kDatabaseFlags = {"database_url", "database_owner_url"};
const std::vector<std::string_view> kDevFlags = {"data_dir",     "listen",     "agent_listen",
                                                 "local_agents", "log_format", "log_level"};
const std::vector<std::string_view> kServeFlags = {"database_url",   "database_connections",
                                                   "listen",         "agent_listen",
                                                   "public_url",     "tls_certificate",
                                                   "tls_key",        "ca_certificate",
                                                   "ca_key",         "dispatch_key_file",
                                                   "audit_key_file", "audit_checkpoint_file",
                                                   "log_format",     "log_level"};
const std::vector<std::string_view> kKeyFlags = {"database_url", "data_dir", "audit_key_file",
                                                 "audit_checkpoint_file"};
const std::vector<std::string_view> kTokenFlags = {
    "database_url", "data_dir", "agent_listen", "ca_certificate", "audit_key_file", "audit_checkpoint_file"};

const std::vector<std::string_view> kAuthorityFlags = {"database_url", "data_dir", "ca_certificate"};

// What was given on the command line, before it is resolved with the other sources.
struct Given {
  std::string config;
  RawSettings flags;
  std::function<int(Settings)> command;
  std::function<int()> command_without_settings;
  bool json_by_default = false;
};

std::string flag_of(std::string_view setting) {
  std::string flag = "--" + std::string{setting};
  std::ranges::replace(flag, '_', '-');
  return flag;
}

void offer_settings(CLI::App& command, Given& given, const std::vector<std::string_view>& offered) {
  command.add_option("--config", given.config, "YAML file with settings")->type_name("FILE");
  for (const auto& setting : setting_names()) {
    if (std::ranges::find(offered, setting.name) == offered.end()) continue;
    command
        .add_option_function<std::string>(
            flag_of(setting.name),
            [&given, name = std::string{setting.name}](const std::string& value) {
              given.flags[name] = value;
            },
            std::string{setting.help})
        ->type_name("VALUE");
  }
}

void offer_api_targets(CLI::App& command, Given& given) {
  command
      .add_option_function<std::vector<std::string>>(
          "--allow-api-target",
          [&given](const std::vector<std::string>& networks) {
            given.flags["allow_api_targets"] = fmt::format("{}", fmt::join(networks, ","));
          },
          "a private network that API blocks may reach; may be repeated (API blocks come with a later "
          "version)")
      ->type_name("CIDR")
      ->allow_extra_args(false);
}

Settings settings_of(const Given& given) {
  std::vector<SettingSource> sources;
  const auto environment = runbook_environment();
  auto file = given.config;
  if (file.empty() && environment.contains("RUNBOOK_CONFIG")) file = environment.at("RUNBOOK_CONFIG");
  if (!file.empty()) sources.push_back({file, settings_from_yaml(read_setting_file("--config", file), file)});
  sources.push_back({"the environment", settings_from_environment(environment)});
  sources.push_back({"the command line", given.flags});
  return resolve_settings(sources);
}

void start_log(const Settings& settings, bool json_by_default) {
  runtime::LogSettings log;
  log.json = settings.log_format.empty() ? json_by_default && isatty(STDERR_FILENO) == 0
                                         : settings.log_format == "json";
  log.level = spdlog::level::from_str(settings.log_level);
  runtime::start_logging(log);
}

void offer_dev(CLI::App& app, Given& given) {
  auto* dev = app.add_subcommand("dev", kDevAbout);
  dev->footer(kDevExample);
  offer_settings(*dev, given, kDevFlags);
  offer_api_targets(*dev, given);
  dev->callback([&given] { given.command = [](Settings settings) { return run_dev(std::move(settings)); }; });
}

void offer_serve(CLI::App& app, Given& given) {
  auto* serve = app.add_subcommand("serve", "Runs the controller on a PostgreSQL of your own.");
  serve->footer(kServeExample);
  offer_settings(*serve, given, kServeFlags);
  offer_api_targets(*serve, given);
  serve->callback([&given] {
    given.json_by_default = true;
    given.command = [](Settings settings) { return run_serve(std::move(settings)); };
  });
  auto* migrate = app.add_subcommand("migrate", "Brings the database to the schema of this program.");
  offer_settings(*migrate, given, kDatabaseFlags);
  migrate->callback(
      [&given] { given.command = [](const Settings& settings) { return run_migrate(settings); }; });
}

void offer_keys(CLI::App& app, Given& given, ApiKeyOrder& order, std::vector<std::string>& labels) {
  auto* keys = app.add_subcommand("api-key", "Makes API keys without having one.");
  keys->require_subcommand(1);
  auto* key = keys->add_subcommand("create", "Makes an API key and prints it, this once.");
  key->add_option("--name", order.name, "what the key is for")->required();
  key->add_option("--role", order.roles, "viewer, operator, approver, author or admin; may be repeated")
      ->required()
      ->check(CLI::IsMember({"viewer", "operator", "approver", "author", "admin"}));
  key->add_option("--owner", order.owner, "the person it belongs to (the name)");
  key->footer("Example:\n  runbook-controller api-key create --name \"deploy bot\" --role operator");
  offer_settings(*key, given, kKeyFlags);
  key->callback([&] {
    given.command = [&order](const Settings& settings) { return run_api_key_create(settings, order); };
  });

  auto* tokens = app.add_subcommand("enrollment-token", "Makes tokens that enrol hosts.");
  tokens->require_subcommand(1);
  auto* token = tokens->add_subcommand("create",
                                       "Makes a token, good once and for an hour, and prints the command to "
                                       "paste on the host.");
  token->add_option("--label", labels, "key=value the host gets; may be repeated");
  offer_settings(*token, given, kTokenFlags);
  token->callback([&] {
    given.command = [&labels](const Settings& settings) {
      return run_enrollment_token_create(settings, labels);
    };
  });
}

void offer_audit(CLI::App& app, Given& given) {
  auto* audit = app.add_subcommand("audit", "Looks at the audit trail.");
  audit->require_subcommand(1);
  auto* verify = audit->add_subcommand(
      "verify",
      "Says whether every row is as it was written; if not, names the first bad one and exits with 1.");
  offer_settings(*verify, given, kKeyFlags);
  verify->callback(
      [&given] { given.command = [](const Settings& settings) { return run_audit_verify(settings); }; });
}

void offer_authority(CLI::App& app, Given& given, AuthorityOrder& order) {
  auto* authority = app.add_subcommand("authority", "Rolls the fleet over to another authority.");
  authority->require_subcommand(1);
  auto* create = authority->add_subcommand("create", "Makes the next authority, in two new files.");
  create->add_option("--certificate", order.certificate, "where its certificate is written")
      ->required()
      ->type_name("FILE");
  create->add_option("--key", order.key, "where its key is written (0600)")->required()->type_name("FILE");
  create->callback(
      [&] { given.command_without_settings = [&order] { return run_authority_create(order); }; });
  auto* status = authority->add_subcommand(
      "status", "Says how far the agents have followed the authorities; exits with 1 while some have not.");
  offer_settings(*status, given, kAuthorityFlags);
  status->callback(
      [&given] { given.command = [](const Settings& settings) { return run_authority_status(settings); }; });
}

void offer_rotate_keys(CLI::App& app, Given& given) {
  auto* rotate =
      app.add_subcommand("rotate-keys",
                         "Seals every credential with the first key of RUNBOOK_FERNET_KEYS. Put the new key "
                         "before the old ones, "
                         "run this, then take the old ones away. May run beside the controller, and again.");
  offer_settings(*rotate, given, kKeyFlags);
  rotate->callback(
      [&given] { given.command = [](const Settings& settings) { return run_rotate_keys(settings); }; });
}

void offer_eval(CLI::App& app, Given& given, EvalOrder& order) {
  auto* eval = app.add_subcommand("eval", kEvalAbout);
  eval->add_option("expression", "the expression")->type_name("EXPRESSION")->required();
  eval->add_option("--context", order.context, "a JSON object whose members are the variables")
      ->type_name("FILE");
  eval->footer(kEvalExample);
  eval->callback([&] { given.command_without_settings = [&order] { return run_eval(order); }; });
}

// Takes the expression of `eval` out of the arguments, because it may look like a flag, and leaves a word in
// its place. A lone --help stays what it is.
std::vector<char*> without_expression(int count, char** arguments, EvalOrder& order) {
  static char taken[] = "expression";
  std::vector<char*> rest(arguments, arguments + count);
  if (count < 3 || std::string_view(rest[1]) != "eval") return rest;
  const std::string_view first = rest[2];
  if (count == 3 && (first == "--help" || first == "-h")) return rest;
  order.expression = std::exchange(rest[2], taken);
  return rest;
}

int run(CLI::App& app, Given& given, int count, char** arguments) {
  try {
    app.parse(count, arguments);
  } catch (const CLI::Success& request) {  // --help, --version
    return app.exit(request);
  } catch (const CLI::RequiredError& error) {
    const bool named = count > 1 && arguments[1][0] != '-' && app.get_subcommands().empty();
    const auto what = named ? fmt::format("There is no command {}", arguments[1]) : std::string(error.what());
    fmt::print(stderr, "{} (--help explains)\n", what);
    return 2;
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "{} (--help explains)\n", error.what());
    return 2;
  }
  if (given.command_without_settings) return given.command_without_settings();
  auto settings = settings_of(given);
  start_log(settings, given.json_by_default);
  runtime::raise_open_file_limit();
  return given.command(std::move(settings));
}

}  // namespace

int run_command_line(int count, char** arguments) {
  CLI::App app{kAbout, "runbook-controller"};
  app.set_version_flag("--version", RUNBOOK_VERSION);
  app.require_subcommand(1);
  Given given;
  ApiKeyOrder order;
  std::vector<std::string> labels;
  offer_dev(app, given);
  offer_serve(app, given);
  offer_keys(app, given, order, labels);
  offer_audit(app, given);
  AuthorityOrder authority;
  offer_authority(app, given, authority);
  offer_rotate_keys(app, given);
  EvalOrder eval;
  offer_eval(app, given, eval);
  try {
    auto rest = without_expression(count, arguments, eval);
    return run(app, given, count, rest.data());
  } catch (const std::exception& error) {  // every one that gets here says in one sentence what is wrong
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}

}  // namespace runbook::app
