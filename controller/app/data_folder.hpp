// DataFolder: everything `runbook-controller dev` keeps, in one folder that one `dev` holds at a time.
//   postgres/ the cluster      private/ (0700) ca.crt, ca.key, fernet.key      agents/NAME/ the local agents'
//   state admin.key (0600)           run/ (0700) pids and the lock                   log/ (0700) PostgreSQL
//   and agents
// The folder's own mode stays as it is. Blocks; used from one thread.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

namespace runbook::app {

// The folder cannot be used; the message is one sentence for the person at the terminal.
struct DataFolderError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class DataFolder {
 public:
  // Makes what is missing and locks the folder until this is destroyed or the process ends.
  static DataFolder open(const std::filesystem::path& root);
  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();

  // /var/lib/runbook-studio-dev for root, else ~/.local/share/runbook-studio. Throws DataFolderError without
  // a home.
  static std::filesystem::path standard();

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path in(const std::filesystem::path& name) const { return root_ / name; }

  // Nothing when there is no such file.
  std::optional<std::string> read(const std::filesystem::path& name) const;
  // Whole or not at all, mode 0600, on the disk when this returns.
  void write_secret(const std::filesystem::path& name, const std::string& text) const;

 private:
  DataFolder(std::filesystem::path root, int lock) : root_(std::move(root)), lock_(lock) {}
  std::filesystem::path root_;
  int lock_ = -1;
};

}  // namespace runbook::app
