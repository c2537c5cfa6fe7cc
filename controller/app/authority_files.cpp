#include "controller/app/authority_files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "controller/app/command_context.hpp"
#include "controller/app/settings.hpp"

namespace runbook::app {
namespace {

constexpr const char* kCertificate = "private/ca.crt";
constexpr const char* kKey = "private/ca.key";

}  // namespace

certs::FleetAuthority authority_of(const DataFolder& folder) {
  const auto certificate = folder.read(kCertificate);
  const auto key = folder.read(kKey);
  if (certificate && key) {
    try {
      return certs::FleetAuthority::load(*certificate, *key);
    } catch (const std::runtime_error&) {
      throw DataFolderError(
          fmt::format("{} and ca.key beside it are not the fleet's authority: bring back the right "
                      "ones, or choose another --data-dir.",
                      folder.in(kCertificate).string()));
    }
  }
  auto authority = certs::FleetAuthority::create();
  folder.write_secret(kKey, authority.key_pem());
  folder.write_secret(kCertificate, authority.certificate_pem());
  return authority;
}

std::string read_setting_file(const std::string& setting, const std::string& file) {
  std::ifstream stream{file, std::ios::binary};
  if (!stream)
    throw SettingsError(
        fmt::format("{}: {} cannot be read: {}.", setting, file, std::generic_category().message(errno)));
  return {std::istreambuf_iterator<char>{stream}, {}};
}

std::string authority_certificate(const Settings& settings) {
  const auto file = settings.ca_certificate.empty() ? (data_folder_of(settings) / kCertificate).string()
                                                    : settings.ca_certificate;
  return read_setting_file("ca_certificate", file);
}

certs::FleetAuthority authority_from(const std::string& certificate_file, const std::string& key_file) {
  const auto certificate = read_setting_file("ca_certificate", certificate_file);
  const auto key = read_setting_file("ca_key", key_file);
  try {
    return certs::FleetAuthority::load(certificate, key);
  } catch (const std::runtime_error&) {
    throw SettingsError(fmt::format(
        "ca_key {} is not the key of the first certificate in ca_certificate {}, or a certificate "
        "there is not one of an authority.",
        key_file, certificate_file));
  }
}

}  // namespace runbook::app
