#include "protocol/transport/socket_bio.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <new>

namespace runbook::transport {
namespace {

int descriptor_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

bool worth_a_retry() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

int write_bytes(BIO* bio, const char* data, std::size_t size, std::size_t* written) {
  BIO_clear_retry_flags(bio);
  const ssize_t count = ::send(descriptor_of(bio), data, size, MSG_NOSIGNAL);
  if (count < 0) {
    if (worth_a_retry()) BIO_set_retry_write(bio);
    return 0;
  }
  *written = static_cast<std::size_t>(count);
  return 1;
}

int read_bytes(BIO* bio, char* data, std::size_t size, std::size_t* read) {
  BIO_clear_retry_flags(bio);
  const ssize_t count = ::recv(descriptor_of(bio), data, size, 0);
  if (count > 0) {
    *read = static_cast<std::size_t>(count);
    return 1;
  }
  if (count == 0) {
    errno = 0;  // an end, not a failure: the stream tells the two apart by it
  } else if (worth_a_retry()) {
    BIO_set_retry_read(bio);
  }
  return 0;
}

long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

int create(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

const BIO_METHOD* method() {
  static const BIO_METHOD* const made = [] {
    BIO_METHOD* fresh = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "runbook socket");
    if (fresh == nullptr) throw std::bad_alloc();
    BIO_meth_set_write_ex(fresh, write_bytes);
    BIO_meth_set_read_ex(fresh, read_bytes);
    BIO_meth_set_ctrl(fresh, control);
    BIO_meth_set_create(fresh, create);
    return fresh;
  }();
  return made;
}

}  // namespace

BIO* new_socket_bio(int descriptor) {
  BIO* bio = BIO_new(method());
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
  return bio;
}

}  // namespace runbook::transport
