#include "tests/integration/domain/shell_run.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace runbook::domain {

namespace {

bool is_installed(const std::string& program) {
  return std::filesystem::exists("/bin/" + program) || std::filesystem::exists("/usr/bin/" + program);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

[[noreturn]] void become(std::vector<std::string> argv, std::vector<std::string> environment,
                         const std::string& folder) {
  constexpr unsigned kSeconds = 10;
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int fd : {0, 1, 2}) ::dup2(null, fd);
  const rlimit files{1 << 24, 1 << 24};
  ::setrlimit(RLIMIT_FSIZE, &files);
  ::setpgid(0, 0);
  ::alarm(kSeconds);
  if (::chdir(folder.c_str()) == 0) {
    ::execvpe(argv.front().c_str(), pointers(argv).data(), pointers(environment).data());
  }
  ::_exit(127);
}

}  // namespace

std::vector<std::vector<std::string>> installed_shells() {
  std::vector<std::vector<std::string>> shells;
  for (const auto* name : {"sh", "dash", "bash", "ksh", "zsh"}) {
    if (is_installed(name)) shells.push_back({name, "-c"});
  }
  if (is_installed("busybox")) shells.push_back({"busybox", "sh", "-c"});
  return shells;
}

ShellFolder::ShellFolder() {
  auto name = (std::filesystem::temp_directory_path() / "shell-words-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  path_ = name;
  std::filesystem::create_directory(path_ / "bin");
  std::filesystem::create_directory(path_ / "work");
  const auto* witness = std::getenv("RUNBOOK_TEST_WITNESS");
  if (witness == nullptr) throw std::runtime_error("RUNBOOK_TEST_WITNESS is not set");
  std::filesystem::create_symlink(witness, path_ / "bin" / "w");
  std::ofstream(path_ / "work" / "some file") << "x";
}

ShellFolder::~ShellFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

int ShellFolder::run(const std::vector<std::string>& argv,
                     const std::map<std::string, std::string>& environment) {
  std::vector<std::string> variables{"PATH=" + (path_ / "bin").string() + ":/usr/bin:/bin",
                                     "WITNESS_FILE=" + (path_ / "witness").string(), "LC_ALL=C.UTF-8",
                                     "HOME=/nonexistent"};
  for (const auto& [name, value] : environment) variables.push_back(name + '=' + value);
  const auto work = (path_ / "work").string();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) become(argv, std::move(variables), work);
  int status = 0;
  if (::waitpid(child, &status, 0) != child) throw std::runtime_error("waitpid failed");
  ::kill(-child, SIGKILL);  // what it left behind
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::vector<Words> ShellFolder::witnessed() {
  std::vector<Words> calls;
  std::ifstream file(path_ / "witness", std::ios::binary);
  std::size_t count = 0;
  while (file >> count) {
    Words words;
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t size = 0;
      file >> size;
      file.get();
      std::string word(size, '\0');
      file.read(word.data(), static_cast<std::streamsize>(size));
      file.get();
      words.push_back(std::move(word));
    }
    calls.push_back(std::move(words));
  }
  file.close();
  std::filesystem::remove(path_ / "witness");
  return calls;
}

std::vector<std::string> ShellFolder::intruders() const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(path_ / "work")) {
    const auto name = entry.path().filename().string();
    if (name.starts_with("pwned")) names.push_back(name);
  }
  return names;
}

}  // namespace runbook::domain
