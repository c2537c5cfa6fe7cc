#include "controller/app/data_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace runbook::app {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, int reason) {
  throw DataFolderError(fmt::format("The data folder {} cannot be written: {}.", path.string(),
                                    std::generic_category().message(reason)));
}

void make_folder(const fs::path& folder, mode_t mode) {
  if (mkdir(folder.c_str(), mode) == 0 || errno == EEXIST) return;
  refuse(folder, errno);
}

// Parents get the usual mode; the last folder too, so that PostgreSQL's own user may enter it when we are
// root.
void make_root(const fs::path& root) {
  std::error_code error;
  fs::create_directories(root, error);
  if (error) refuse(root, error.value());
  if (!fs::is_directory(root, error)) refuse(root, ENOTDIR);
}

int lock_folder(const fs::path& root) {
  const auto file = root / "run/lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) refuse(file, errno);
  if (flock(lock, LOCK_EX | LOCK_NB) < 0) {
    ::close(lock);
    throw DataFolderError(fmt::format(
        "{} is in use by another runbook-controller dev: stop that one, or choose another --data-dir.",
        root.string()));
  }
  return lock;
}

void write_all(int file, const std::string& text, const fs::path& path) {
  for (std::size_t done = 0; done < text.size();) {
    const auto count = write(file, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) refuse(path, errno);
    done += static_cast<std::size_t>(count);
  }
}

}  // namespace

DataFolder DataFolder::open(const fs::path& root) {
  auto whole = fs::absolute(root).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();  // a slash at the end
  make_root(whole);
  for (const auto* name : {"run", "log", "private", "agents"}) make_folder(whole / name, 0700);
  return {whole, lock_folder(whole)};
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : root_(std::move(other.root_)), lock_(std::exchange(other.lock_, -1)) {}

DataFolder::~DataFolder() {
  if (lock_ >= 0) ::close(lock_);
}

fs::path DataFolder::standard() {
  if (geteuid() == 0) return "/var/lib/runbook-studio-dev";
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): before threads start
  if (home == nullptr || home[0] != '/')
    throw DataFolderError("There is no home folder: give --data-dir DIR.");
  return fs::path{home} / ".local/share/runbook-studio";
}

std::optional<std::string> DataFolder::read(const fs::path& name) const {
  std::ifstream file{root_ / name, std::ios::binary};
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

void DataFolder::write_secret(const fs::path& name, const std::string& text) const {
  const auto path = root_ / name;
  const fs::path fresh = path.string() + ".new";
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) refuse(path, errno);
  try {
    if (fchmod(file, 0600) < 0) refuse(path, errno);
    write_all(file, text, path);
    if (fsync(file) < 0) refuse(path, errno);
  } catch (...) {
    ::close(file);
    throw;
  }
  ::close(file);
  if (rename(fresh.c_str(), path.c_str()) < 0) refuse(path, errno);
}

}  // namespace runbook::app
