#include "controller/audit/checkpoint_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

#include "controller/auth/secret.hpp"
#include "protocol/messages/json.hpp"

namespace runbook::audit {

namespace json = boost::json;

namespace {

constexpr std::string_view kPurpose = "runbook audit checkpoint 1";

[[noreturn]] void refuse(const std::filesystem::path& path, int reason) {
  throw std::system_error(reason, std::generic_category(), path.string());
}

class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& path)
      : path_(path), file_(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (file_ < 0) refuse(path_, errno);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() { ::close(file_); }

  bool ends_in_a_line() const {
    struct stat status{};
    if (fstat(file_, &status) < 0) refuse(path_, errno);
    if (status.st_size == 0) return true;
    char last = 0;
    if (pread(file_, &last, 1, status.st_size - 1) != 1) refuse(path_, errno);
    return last == '\n';
  }

  // In one piece, so that lines of several writers do not mix.
  void write(const std::string& text) const {
    const auto count = ::write(file_, text.data(), text.size());
    if (count < 0 || static_cast<std::size_t>(count) != text.size())
      refuse(path_, count < 0 ? errno : ENOSPC);
    if (fdatasync(file_) < 0) refuse(path_, errno);
  }

 private:
  const std::filesystem::path& path_;
  int file_;
};

std::string signature(const store::AuditTrail& trail, const Checkpoint& checkpoint) {
  return auth::hex(trail.sign(kPurpose, fmt::format("{} {} {} {}", checkpoint.id, checkpoint.count,
                                                    checkpoint.mac, rfc3339(checkpoint.at))));
}

const json::string* text_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_string();
}

// Nothing when something of it is missing.
std::optional<Checkpoint> read(const json::object& line) {
  const auto* id = line.if_contains("id");
  const auto* count = line.if_contains("count");
  const auto* mac = text_at(line, "mac");
  const auto* at = text_at(line, "at");
  if (id == nullptr || !id->is_int64() || count == nullptr || !count->is_int64() || !mac || !at)
    return std::nullopt;
  const auto time = parse_rfc3339(*at);
  if (!time) return std::nullopt;
  return Checkpoint{id->get_int64(), count->get_int64(), std::string(*mac), *time};
}

}  // namespace

CheckpointFile::CheckpointFile(std::filesystem::path path, const store::AuditTrail& trail)
    : path_(std::move(path)), trail_(trail) {}

CheckpointFile::Content CheckpointFile::load() const {
  Content content;
  std::error_code missing;
  if (!std::filesystem::exists(path_, missing)) return content;
  std::ifstream file{path_, std::ios::binary};
  if (!file) refuse(path_, errno);
  std::string text;
  for (std::size_t number = 1; std::getline(file, text); ++number) {
    const auto value = parse_json(text);
    if (!value) continue;
    const auto* line = value->if_object();
    const auto checkpoint = line == nullptr ? std::nullopt : read(*line);
    const auto* signed_as = line == nullptr ? nullptr : text_at(*line, "signature");
    if (checkpoint && signed_as != nullptr && auth::same_secret(*signed_as, signature(trail_, *checkpoint))) {
      content.checkpoints.push_back(*checkpoint);
    } else if (!content.foreign_line) {
      content.foreign_line = number;
    }
  }
  return content;
}

void CheckpointFile::append(const Checkpoint& checkpoint) const {
  const json::object line{{"id", checkpoint.id},
                          {"count", checkpoint.count},
                          {"mac", checkpoint.mac},
                          {"at", rfc3339(checkpoint.at)},
                          {"signature", signature(trail_, checkpoint)}};
  const OpenFile file(path_);
  file.write((file.ends_in_a_line() ? "" : "\n") + json::serialize(line) + "\n");
}

}  // namespace runbook::audit
