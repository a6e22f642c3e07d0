/* SPDX-License-Identifier: MIT
 *
 * The part of tiny-dnn's interface (tiny_dnn/tiny_dnn.h, github.com/tiny-dnn/tiny-dnn) that the
 * adapter touches, in our own words: the names and types are tiny-dnn's, most members are left out.
 * for_i runs a thread for each of a number of blocks, which programs set.
 */
#ifndef STUB_TINY_DNN_H
#define STUB_TINY_DNN_H

#include <algorithm>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <stddef.h>
#include <stdint.h>
#include <string>
#include <thread>
#include <typeindex>
#include <vector>

namespace cereal {

template <class T> struct NameValuePair {
    const char *name;
    T value;
};
template <class T> NameValuePair<T &> make_nvp(const char *name, T &value) { return {name, value}; }

} // namespace cereal

namespace tiny_dnn {

#ifdef CNN_USE_DOUBLE
typedef double float_t;
#else
typedef float float_t;
#endif
typedef std::vector<float_t> vec_t;  /* a sample */
typedef std::vector<vec_t> tensor_t; /* a batch */

enum class net_phase { train, test };
enum class vector_type { data };

class nn_error : public std::exception {
  public:
    explicit nn_error(const std::string &message) : message_(message) {}
    const char *what() const noexcept override { return message_.c_str(); }

  private:
    std::string message_;
};

template <typename T> struct index3d {
    index3d() : width_(0), height_(0), depth_(0) {}
    index3d(T width, T height, T depth) : width_(width), height_(height), depth_(depth) {}
    T area() const { return width_ * height_; }
    T size() const { return area() * depth_; }
    T width_, height_, depth_;
};
typedef index3d<size_t> shape3d;

class layer {
  public:
    layer(const std::vector<vector_type> &, const std::vector<vector_type> &) {}
    virtual ~layer() = default;
    virtual std::vector<shape3d> in_shape() const = 0;
    virtual std::vector<shape3d> out_shape() const = 0;
    virtual void set_in_shape(const shape3d &shape) = 0; /* that of the layer before */
    virtual std::string layer_type() const = 0;
    virtual void forward_propagation(const std::vector<tensor_t *> &in_data,
                                     std::vector<tensor_t *> &out_data) = 0;
    virtual void back_propagation(const std::vector<tensor_t *> &in_data,
                                  const std::vector<tensor_t *> &out_data,
                                  std::vector<tensor_t *> &out_grad,
                                  std::vector<tensor_t *> &in_grad) = 0;
    virtual void post_update() {} /* after each update of the weights */
    virtual void set_context(net_phase) {}
    template <class Archive> void serialize_prolog(Archive &archive);
    size_t threads = 1;

  protected:
    template <typename Function> void for_i(size_t size, Function function) {
        std::vector<std::thread> running;
        const size_t block = (size + threads - 1) / threads;
        for (size_t begin = 0; begin < size; begin += block)
            running.emplace_back([=] {
                for (size_t i = begin; i < std::min(begin + block, size); i++)
                    function(i);
            });
        for (std::thread &thread : running)
            thread.join();
    }
};

/* What saves a layer of each type, and loads one by its name. */
template <class Archive> class serialization_helper {
  public:
    static serialization_helper &get_instance() {
        static serialization_helper instance;
        return instance;
    }
    template <class T> void register_type(const std::string &name) { names[typeid(T)] = name; }
    void register_saver(const std::string &name,
                        std::function<void(Archive &, const layer *)> saver) {
        savers[name] = saver;
    }
    std::map<std::type_index, std::string> names;
    std::map<std::string, std::function<void(Archive &, const layer *)>> savers;
};

template <class Archive> class deserialization_helper {
  public:
    static deserialization_helper &get_instance() {
        static deserialization_helper instance;
        return instance;
    }
    void register_loader(const std::string &name,
                         std::function<std::shared_ptr<layer>(Archive &)> loader) {
        loaders[name] = loader;
    }
    std::map<std::string, std::function<std::shared_ptr<layer>(Archive &)>> loaders;
};

template <class Archive> void layer::serialize_prolog(Archive &archive) {
    const std::string name = serialization_helper<Archive>::get_instance().names.at(typeid(*this));
    archive(name);
}

} // namespace tiny_dnn

#endif
