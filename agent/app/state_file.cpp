#include "agent/app/state_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "agent/runner/file_descriptor.hpp"

namespace runbook::agent {
namespace {

constexpr std::size_t kFileBytes = 1024 * 1024;

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(fd, text.data(), text.size());
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void sync_folder_of(const std::string& path) {
  const std::string folder = path.substr(0, path.rfind('/'));
  const runner::FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory) ::fsync(directory.get());
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view text, mode_t mode, Durable durable) {
  const std::string draft = path + ".new";
  const auto fail = [&path, &draft] {
    const std::string why = std::generic_category().message(errno);
    ::unlink(draft.c_str());
    return failure(ErrorCode::kUnavailable, fmt::format("{} cannot be written: {}.", path, why));
  };
  ::unlink(draft.c_str());
  const runner::FileDescriptor file(
      ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  // The mode given to open() is cut by the umask.
  if (!file || ::fchmod(file.get(), mode) != 0 || !write_all(file.get(), text)) return fail();
  if (durable == Durable::kYes && ::fsync(file.get()) != 0) return fail();
  if (::rename(draft.c_str(), path.c_str()) != 0) return fail();
  if (durable == Durable::kYes) sync_folder_of(path);
  return {};
}

std::optional<std::string> read_file(const std::string& path) {
  const runner::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  std::string text(kFileBytes, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto count = ::read(file.get(), text.data() + size, text.size() - size);
    if (count < 0) return std::nullopt;
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  text.resize(size);
  text.shrink_to_fit();
  return text;
}

}  // namespace runbook::agent
