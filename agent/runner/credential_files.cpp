#include "agent/runner/credential_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace runbook::runner {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string variable(std::string_view name) {
  std::string text = "RUNBOOK_CREDENTIAL_";
  for (const char c : name) text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

std::vector<std::string> entries(int folder) {
  std::vector<std::string> names;
  const int copy = ::fcntl(folder, F_DUPFD_CLOEXEC, 0);
  const std::unique_ptr<DIR, CloseFolder> open(copy < 0 ? nullptr : ::fdopendir(copy));
  if (!open) return names;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the stream is this function's own
  while (const dirent* entry = ::readdir(open.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  return names;
}

// Whoever else may write beside it cannot have anything removed: only folders of this user are entered, and
// no link is followed.
void remove_left(int parent, const std::string& name) {
  const FileDescriptor folder(
      ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat facts{};
  if (!folder || ::fstat(folder.get(), &facts) != 0 || facts.st_uid != ::geteuid()) return;
  for (const auto& file : entries(folder.get())) ::unlinkat(folder.get(), file.c_str(), 0);
  ::unlinkat(parent, name.c_str(), AT_REMOVEDIR);
}

}  // namespace

std::string memory_directory(const std::string& otherwise) {
  for (const char* folder : {"/dev/shm", "/run"}) {
    struct statfs facts{};
    if (::statfs(folder, &facts) == 0 && facts.f_type == TMPFS_MAGIC && ::access(folder, W_OK | X_OK) == 0) {
      return folder;
    }
  }
  return otherwise;
}

void remove_left_credentials(const std::string& directory, const std::string& prefix) {
  const FileDescriptor parent(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent) return;
  for (const auto& name : entries(parent.get())) {
    if (name.starts_with(prefix + "-")) remove_left(parent.get(), name);
  }
}

CredentialFiles::CredentialFiles(const std::string& directory, const std::string& prefix,
                                 const std::vector<CommandCredential>& credentials, const Account& account)
    : folder_(directory + "/" + prefix + "-XXXXXX") {
  if (::mkdtemp(folder_.data()) == nullptr) fail("mkdtemp in " + directory);
  try {
    directory_ = FileDescriptor(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory_) fail("open " + folder_);
    for (const auto& credential : credentials) write(credential, account);
    // The folder stays the agent's, so the user can reach the files but not put others in their place.
    if (account.switches && ::fchmod(directory_.get(), 0711) != 0) fail("hand over " + folder_);
  } catch (...) {
    remove();
    throw;
  }
}

CredentialFiles::~CredentialFiles() { remove(); }

void CredentialFiles::write(const CommandCredential& credential, const Account& account) {
  if (!is_name(credential.name)) throw std::invalid_argument("A credential has a name that cannot be used.");
  const FileDescriptor file(::openat(directory_.get(), credential.name.c_str(),
                                     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) fail("create a credential in " + folder_);
  names_.push_back(credential.name);
  for (std::string_view rest = credential.secret; !rest.empty();) {
    const auto count = ::write(file.get(), rest.data(), rest.size());
    if (count < 0) fail("write a credential in " + folder_);
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  if (account.switches && ::fchown(file.get(), account.uid, account.gid) != 0) fail("hand over " + folder_);
  variables_[variable(credential.name)] = folder_ + "/" + credential.name;
}

void CredentialFiles::remove() noexcept {
  for (const auto& name : names_) ::unlinkat(directory_.get(), name.c_str(), 0);
  ::rmdir(folder_.c_str());
}

}  // namespace runbook::runner
