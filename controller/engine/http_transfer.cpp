#include "controller/engine/http_transfer.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <cstring>
#include <new>

#include "protocol/messages/limits.hpp"

namespace runbook::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kPollMilliseconds = 50;  // how late a request notices that it was given up

struct FreeMulti {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};

milliseconds left_until(steady_clock::time_point deadline) {
  return std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::optional<domain::IpAddress> address_of(const curl_sockaddr& given) {
  if (given.family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &given.addr, std::min<std::size_t>(given.addrlen, sizeof v4));
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
    return domain::IpAddress::v4(bytes);
  }
  if (given.family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &given.addr, std::min<std::size_t>(given.addrlen, sizeof v6));
    domain::IpAddress address;
    std::memcpy(address.bytes.data(), &v6.sin6_addr, address.bytes.size());
    return address;
  }
  return std::nullopt;
}

bool has_header(const domain::ApiRequest& request, std::string_view name) {
  return std::ranges::any_of(
      request.headers, [&](const auto& header) { return boost::algorithm::iequals(header.first, name); });
}

}  // namespace

HttpTransfer::HttpTransfer(const domain::ApiRequest& request, const HttpOrigin& origin,
                           const HttpLimits& limits)
    : request_(request), origin_(origin), limits_(limits), easy_(curl_easy_init()) {
  if (!easy_) throw std::bad_alloc();
  set_up();
  set_up_request();
}

HttpTransfer::~HttpTransfer() = default;

// Everything libcurl would take from its surroundings is turned off: proxies, netrc, signals, other
// protocols, decompression.
void HttpTransfer::set_up() {
  CURL* easy = easy_.get();
  const auto left = std::max(left_until(limits_.deadline), milliseconds(1));
  const auto connect = std::min<milliseconds>(left, limits::kApiConnectTime);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // a name that is being resolved does not keep the thread
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect.count()));
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limits::kApiResponseBytes));
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &HttpTransfer::open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &HttpTransfer::take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &HttpTransfer::take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
}

void HttpTransfer::set_up_request() {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_URL, request_.url.c_str());
  const bool has_body = !request_.body.empty() || request_.method == "POST" || request_.method == "PUT" ||
                        request_.method == "PATCH";
  if (request_.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (has_body) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.data());
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  if (request_.credential) {
    add_header(fmt::format("{}: {}", request_.credential->first, request_.credential->second));
  }
  for (const auto& [name, value] : request_.headers) {
    if (request_.credential && boost::algorithm::iequals(name, request_.credential->first)) continue;
    add_header(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
  }
  if (!has_header(request_, "user-agent")) add_header("User-Agent: runbook-controller/" RUNBOOK_VERSION);
  if (!has_header(request_, "content-type")) add_header("Content-Type:");  // libcurl would claim a form
  add_header("Expect:");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
}

void HttpTransfer::add_header(const std::string& line) {
  curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  // NOLINTNEXTLINE(bugprone-unused-return-value): the longer list holds it
  (void)headers_.release();
  headers_.reset(longer);
}

// libcurl asks for a socket for each address it is about to connect.
curl_socket_t HttpTransfer::open_socket(void* self, curlsocktype purpose, curl_sockaddr* address) {
  auto& transfer = *static_cast<HttpTransfer*>(self);
  const auto target = address_of(*address);
  if (purpose != CURLSOCKTYPE_IPCXN || !target) return CURL_SOCKET_BAD;
  if (auto refused = domain::refusal(*target, transfer.limits_.allowed)) {
    transfer.refusal_ = std::move(*refused);
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t HttpTransfer::take_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<HttpTransfer*>(self);
  const std::size_t bytes = size * count;
  transfer.header_bytes_ += bytes;
  if (transfer.header_bytes_ > limits::kApiResponseHeaderBytes) {
    transfer.too_large_ = true;
    return 0;
  }
  transfer.header_line({data, bytes});
  return bytes;
}

void HttpTransfer::header_line(std::string_view line) {
  auto& headers = answer_.headers;
  if (line.starts_with("HTTP/")) {  // an interim answer came before
    headers.clear();
    return;
  }
  if (trimmed(line).empty()) return;
  if (line.starts_with(' ') || line.starts_with('\t')) {  // folded, RFC 9112 §5.2
    if (!headers.empty()) headers.back().second.append(" ").append(trimmed(line));
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const auto name = boost::algorithm::to_lower_copy(std::string(trimmed(line.substr(0, colon))));
  const auto value = trimmed(line.substr(colon + 1));
  const auto known = std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
  if (known == headers.end()) {
    headers.emplace_back(name, value);
  } else {
    known->second.append(", ").append(value);
  }
}

std::size_t HttpTransfer::take_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<HttpTransfer*>(self);
  const std::size_t bytes = size * count;
  if (transfer.answer_.body.size() + bytes > limits::kApiResponseBytes) {
    transfer.too_large_ = true;
    return 0;
  }
  transfer.answer_.body.append(data, bytes);
  return bytes;
}

// libcurl's own loop notices a request that was given up only once a second.
CURLcode HttpTransfer::transfer(const std::atomic<bool>& cancelled) {
  const std::unique_ptr<CURLM, FreeMulti> multi(curl_multi_init());
  if (!multi) throw std::bad_alloc();
  if (curl_multi_add_handle(multi.get(), easy_.get()) != CURLM_OK) return CURLE_FAILED_INIT;
  CURLcode code = CURLE_OK;
  for (int running = 1; running > 0;) {
    if (cancelled.load()) {
      code = CURLE_ABORTED_BY_CALLBACK;
      break;
    }
    if (curl_multi_perform(multi.get(), &running) != CURLM_OK ||
        (running > 0 && curl_multi_poll(multi.get(), nullptr, 0, kPollMilliseconds, nullptr) != CURLM_OK)) {
      code = CURLE_FAILED_INIT;
      break;
    }
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
    if (message->msg == CURLMSG_DONE && code == CURLE_OK) code = message->data.result;
  }
  curl_multi_remove_handle(multi.get(), easy_.get());
  return code;
}

HttpAnswer HttpTransfer::run(const std::atomic<bool>& cancelled) {
  const CURLcode code = transfer(cancelled);
  answer_.sent = is_sent();
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  if (code == CURLE_OK) {
    answer_.status = static_cast<int>(status);
  } else {
    explain(code);
    if (too_large_ || code == CURLE_FILESIZE_EXCEEDED) answer_.status = static_cast<int>(status);
    answer_.body.clear();
  }
  return std::move(answer_);
}

bool HttpTransfer::is_sent() const {
  long bytes = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &bytes);
  return bytes > 0;
}

void HttpTransfer::explain(CURLcode code) {
  const auto host = origin_.authority();
  answer_.transient = true;
  if (code == CURLE_FILESIZE_EXCEEDED || (too_large_ && header_bytes_ <= limits::kApiResponseHeaderBytes)) {
    answer_.transient = false;
    answer_.error = fmt::format("the response of {} is larger than 1 MiB", host);
    return;
  }
  if (too_large_) {
    answer_.transient = false;
    answer_.error = fmt::format("the headers of {} are larger than 64 KiB", host);
    return;
  }
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      answer_.transient = false;
      answer_.given_up = true;
      answer_.error = "the request was given up";
      return;
    case CURLE_COULDNT_RESOLVE_HOST:
      answer_.error = fmt::format("the name {} cannot be resolved", origin_.host);
      return;
    case CURLE_COULDNT_CONNECT:
      answer_.transient = refusal_.empty();
      answer_.error = refusal_.empty() ? fmt::format("{} does not accept a connection", host)
                                       : fmt::format("{} was not called: {}", host, refusal_);
      return;
    case CURLE_OPERATION_TIMEDOUT:
      answer_.error = answer_.sent ? fmt::format("{} did not answer in time", host)
                                   : fmt::format("no connection to {} in time", host);
      return;
    case CURLE_PEER_FAILED_VERIFICATION:
      answer_.transient = false;
      answer_.error = fmt::format("the certificate of {} is not trusted or not its own", host);
      return;
    case CURLE_SSL_CONNECT_ERROR: answer_.error = fmt::format("TLS with {} failed", host); return;
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
      answer_.error = fmt::format("{} closed the connection before its answer was complete", host);
      return;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY: answer_.error = fmt::format("{} does not speak HTTP/1.1", host); return;
    default: answer_.error = fmt::format("the request to {} failed: {}", host, curl_easy_strerror(code));
  }
}

std::string HttpTransfer::redirect() const {
  const char* url = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_URL, &url);
  return url == nullptr ? std::string() : std::string(url);
}

}  // namespace runbook::engine
