#include "controller/app/authority_commands.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "certs/certificate_facts.hpp"
#include "controller/app/authority_files.hpp"
#include "controller/app/command_context.hpp"
#include "controller/store/agent_certificates.hpp"

namespace runbook::app {
namespace {

constexpr mode_t kSecret = 0600;
constexpr mode_t kReadable = 0644;

void write_new(const std::string& path, const std::string& text, mode_t mode) {
  const auto refuse = [&path] {
    throw SettingsError(fmt::format("{} cannot be made: {}.", path, std::generic_category().message(errno)));
  };
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
  if (file < 0) refuse();
  const bool written = ::fchmod(file, mode) == 0 &&
                       ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(file) == 0;
  const int why = errno;
  ::close(file);
  if (written) return;
  ::unlink(path.c_str());
  errno = why;
  refuse();
}

void print_authority(const std::string& digest, bool issues,
                     const store::AgentCertificates::Standing& fleet) {
  const auto found = std::ranges::find(fleet.authorities, digest, &store::AuthorityStanding::authority);
  const auto none = store::AuthorityStanding{};
  const auto& standing = found == fleet.authorities.end() ? none : *found;
  fmt::print("{} {}: {} of {} agents trust it, {} have a certificate of it\n", digest,
             issues ? "issues" : "is trusted", standing.trusted, fleet.agents, standing.issued);
}

}  // namespace

int run_authority_create(const AuthorityOrder& order) {
  const auto authority = certs::FleetAuthority::create();
  write_new(order.key, authority.key_pem(), kSecret);
  write_new(order.certificate, authority.certificate_pem(), kReadable);
  fmt::print(
      "Made an authority with SHA-256 {}. Append {} to the file of ca_certificate on every controller, "
      "and start them again: agents then learn of it.\n",
      authority.sha256(), order.certificate);
  return 0;
}

int run_authority_status(const Settings& settings) {
  const auto authorities = certs::certificate_digests(authority_certificate(settings));
  if (authorities.empty()) throw SettingsError("ca_certificate holds no certificates that can be read.");
  db::Database database{command_database(settings)};
  store::AgentCertificates certificates{database};
  store::AgentCertificates::Standing fleet;
  auto look = [](store::AgentCertificates& store, std::vector<std::string> wanted,
                 store::AgentCertificates::Standing& into) -> boost::asio::awaitable<void> {
    into = co_await store.standing(std::move(wanted));
  };
  run_alone(look(certificates, authorities, fleet));
  for (std::size_t i = 0; i < authorities.size(); ++i) print_authority(authorities[i], i == 0, fleet);
  if (fleet.behind == 0) {
    fmt::print("Every agent trusts them all and has a certificate of the one that issues.\n");
    return 0;
  }
  fmt::print("{} of {} agents are behind: {}{}\n", fleet.behind, fleet.agents,
             fmt::join(fleet.examples, ", "),
             fleet.behind > static_cast<std::int64_t>(fleet.examples.size()) ? ", …" : "");
  return 1;
}

}  // namespace runbook::app
