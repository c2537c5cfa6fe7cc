#include "agent/runner/script_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace runbook::runner {
namespace {

constexpr const char* kName = "script";

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

ScriptFile::ScriptFile(const std::string& temporary_directory, std::string_view text, const Account& account)
    : folder_(temporary_directory + "/runbook-XXXXXX") {
  if (::mkdtemp(folder_.data()) == nullptr) fail("mkdtemp in " + temporary_directory);
  path_ = folder_ + "/" + kName;
  try {
    write(text, account);
  } catch (...) {
    remove();
    throw;
  }
}

ScriptFile::~ScriptFile() { remove(); }

void ScriptFile::write(std::string_view text, const Account& account) {
  directory_ = FileDescriptor(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory_) fail("open " + folder_);
  const FileDescriptor file(
      ::openat(directory_.get(), kName, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) fail("create " + path_);
  while (!text.empty()) {
    const auto count = ::write(file.get(), text.data(), text.size());
    if (count < 0) fail("write " + path_);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  if (!account.switches) return;
  // The folder stays the agent's, so the user can reach the file but not put another in its place.
  if (::fchown(file.get(), account.uid, account.gid) != 0 || ::fchmod(directory_.get(), 0711) != 0) {
    fail("hand over " + path_);
  }
}

void ScriptFile::remove() noexcept {
  if (directory_) ::unlinkat(directory_.get(), kName, 0);
  ::rmdir(folder_.c_str());
}

}  // namespace runbook::runner
