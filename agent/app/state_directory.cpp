#include "agent/app/state_directory.hpp"

#include <boost/json.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "agent/app/state_file.hpp"
#include "protocol/messages/json.hpp"

namespace runbook::agent {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

constexpr const char* kIdentityFile = "agent.json";
constexpr const char* kOtherSuffix = "-b";
constexpr const char* kStatusFile = "status.json";
constexpr const char* kLockFile = "lock";
constexpr mode_t kSecret = 0600;
constexpr mode_t kReadable = 0644;

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string key_file(const std::string& suffix) { return "agent" + suffix + ".key"; }
std::string certificate_file(const std::string& suffix) { return "agent" + suffix + ".crt"; }
std::string ca_file(const std::string& suffix) { return "ca" + suffix + ".crt"; }

std::optional<json::object> parse_object(const std::optional<std::string>& text) {
  const auto value = text ? parse_json(*text) : failure(ErrorCode::kNotFound, "");
  if (!value || !value->is_object()) return std::nullopt;
  return value->get_object();
}

}  // namespace

std::string StateDirectory::default_path() {
  if (::geteuid() == 0) return "/var/lib/runbook-agent";
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets the environment
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/') {
    return std::string(state) + "/runbook-agent";
  }
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe)
  return std::string(home != nullptr ? home : "") + "/.local/state/runbook-agent";
}

Result<void> StateDirectory::create() const {
  std::error_code error;
  const fs::path parent = fs::absolute(path_, error).parent_path();
  fs::create_directories(parent, error);
  if (::mkdir(path_.c_str(), 0700) == 0) return {};
  if (errno != EEXIST || !fs::is_directory(path_, error)) {
    const int why = errno == EEXIST ? ENOTDIR : errno;
    return failure(ErrorCode::kUnavailable, fmt::format("The state directory {} cannot be made: {}.", path_,
                                                        std::generic_category().message(why)));
  }
  if (fs::is_empty(path_, error)) ::chmod(path_.c_str(), 0700);
  return {};
}

Result<runner::FileDescriptor> StateDirectory::lock() const {
  runner::FileDescriptor file(
      ::open(file_path(kLockFile).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kSecret));
  if (!file) {
    return failure(ErrorCode::kUnavailable, fmt::format("The state directory {} cannot be used: {}.", path_,
                                                        std::generic_category().message(errno)));
  }
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return failure(ErrorCode::kConflict,
                   fmt::format("Another agent is running on the state directory {}.", path_));
  }
  return file;
}

bool StateDirectory::in_use() const {
  const runner::FileDescriptor file(::open(file_path(kLockFile).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return file && ::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

bool StateDirectory::has_identity() const { return ::access(file_path(kIdentityFile).c_str(), F_OK) == 0; }

Result<Identity> StateDirectory::load_identity() const {
  if (!has_identity()) {
    return failure(
        ErrorCode::kNotFound,
        fmt::format("There is no identity in {}: enrol this host first with \"runbook-agent enroll\".",
                    path_));
  }
  const auto document = parse_object(read_file(file_path(kIdentityFile)));
  const auto files = suffix();
  const auto key = read_file(file_path(key_file(files)));
  const auto certificate = read_file(file_path(certificate_file(files)));
  const auto ca = read_file(file_path(ca_file(files)));
  const auto agent = document ? Uuid::parse(text_of(*document, "agent_id")) : std::nullopt;
  if (!agent || !key || !certificate || !ca) {
    return failure(
        ErrorCode::kMalformed,
        fmt::format("The identity in {} is damaged or cannot be read: enrol this host again.", path_));
  }
  Identity identity{
      *agent, text_of(*document, "name"),        {}, text_of(*document, "controller"), *certificate, *ca,
      *key,   text_of(*document, "dispatch_key")};
  if (const json::value* labels = document->if_contains("labels"); labels != nullptr && labels->is_object()) {
    for (const auto& [name, value] : labels->get_object()) {
      if (value.is_string()) identity.labels[std::string(name)] = std::string(value.get_string());
    }
  }
  return identity;
}

// Which of the two sets of files the identity is in.
std::string StateDirectory::suffix() const {
  const auto document = parse_object(read_file(file_path(kIdentityFile)));
  return document && text_of(*document, "files") == kOtherSuffix ? kOtherSuffix : "";
}

Result<void> StateDirectory::store_identity(const Identity& identity) const {
  ::unlink(file_path(kIdentityFile).c_str());  // until all files belong together there is no identity
  remove_files(kOtherSuffix);
  return write_identity(identity, "");
}

void StateDirectory::remove_files(const std::string& suffix) const {
  for (const auto& file : {key_file(suffix), certificate_file(suffix), ca_file(suffix)})
    ::unlink(file_path(file).c_str());
}

Result<void> StateDirectory::replace_certificate(const Identity& identity) const {
  const std::string before = suffix();
  const auto done = write_identity(identity, before.empty() ? kOtherSuffix : "");
  if (done) remove_files(before);
  return done;
}

Result<void> StateDirectory::write_identity(const Identity& identity, const std::string& suffix) const {
  json::object labels;
  for (const auto& [name, value] : identity.labels) labels[name] = value;
  json::object document = {{"agent_id", identity.agent.str()},
                           {"name", identity.name},
                           {"labels", std::move(labels)},
                           {"controller", identity.controller},
                           {"dispatch_key", identity.dispatch_key}};
  if (!suffix.empty()) document["files"] = suffix;
  const auto replace = [this](const std::string& name, const std::string& text, mode_t mode) {
    return replace_file(file_path(name), text, mode, Durable::kYes);
  };
  Result<void> done = replace(key_file(suffix), identity.key_pem, kSecret);
  if (done) done = replace(certificate_file(suffix), identity.certificate_pem, kReadable);
  if (done) done = replace(ca_file(suffix), identity.ca_pem, kReadable);
  if (done) done = replace(kIdentityFile, json::serialize(document) + "\n", kReadable);
  return done;
}

void StateDirectory::store_status(const AgentStatus& status) const noexcept {
  try {
    const json::object document = {{"connected", status.connected}, {"since", rfc3339(status.since)},
                                   {"reason", status.reason},       {"controller", status.controller},
                                   {"name", status.name},           {"running", status.running}};
    // Only a convenience for people: a full disk must not disturb the agent.
    static_cast<void>(  // NOLINT(bugprone-unused-return-value)
        replace_file(file_path(kStatusFile), json::serialize(document) + "\n", kSecret, Durable::kNo));
  } catch (const std::exception&) {
    remove_status();
  }
}

std::optional<AgentStatus> StateDirectory::load_status() const {
  const auto document = parse_object(read_file(file_path(kStatusFile)));
  if (!document) return std::nullopt;
  const json::value* connected = document->if_contains("connected");
  const json::value* running = document->if_contains("running");
  if (connected == nullptr || !connected->is_bool()) return std::nullopt;
  AgentStatus status;
  status.connected = connected->get_bool();
  status.since = parse_rfc3339(text_of(*document, "since")).value_or(Time{});
  status.reason = text_of(*document, "reason");
  status.controller = text_of(*document, "controller");
  status.name = text_of(*document, "name");
  if (running != nullptr && running->is_int64())
    status.running = static_cast<std::uint64_t>(running->get_int64());
  return status;
}

void StateDirectory::remove_status() const noexcept { ::unlink((path_ + "/" + kStatusFile).c_str()); }

}  // namespace runbook::agent
