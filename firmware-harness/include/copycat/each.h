/* CC_EACH(m, a, b) is m(a) m(b): one macro for each of up to sixteen arguments, in C11 and C++11 alike. */
#ifndef COPYCAT_EACH_H
#define COPYCAT_EACH_H

#define CC_EACH(m, ...) CC_EACH_PICK(0, ##__VA_ARGS__, CC_AT_MOST_16, CC_AT_MOST_16, CC_AT_MOST_16, CC_AT_MOST_16, CC_EACH_16, CC_EACH_15, CC_EACH_14, CC_EACH_13, CC_EACH_12, \
  CC_EACH_11, CC_EACH_10, CC_EACH_9, CC_EACH_8, CC_EACH_7, CC_EACH_6, CC_EACH_5, CC_EACH_4, CC_EACH_3, CC_EACH_2, \
  CC_EACH_1, CC_EACH_0)(m, ##__VA_ARGS__)
/* Of 17 to 20 the compiler says that CC_AT_MOST_16 is not declared. */
#define CC_EACH_PICK(none, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, picked, ...) picked

#define CC_EACH_0(m)
#define CC_EACH_1(m, a) m(a)
#define CC_EACH_2(m, a, ...) m(a) CC_EACH_1(m, __VA_ARGS__)
#define CC_EACH_3(m, a, ...) m(a) CC_EACH_2(m, __VA_ARGS__)
#define CC_EACH_4(m, a, ...) m(a) CC_EACH_3(m, __VA_ARGS__)
#define CC_EACH_5(m, a, ...) m(a) CC_EACH_4(m, __VA_ARGS__)
#define CC_EACH_6(m, a, ...) m(a) CC_EACH_5(m, __VA_ARGS__)
#define CC_EACH_7(m, a, ...) m(a) CC_EACH_6(m, __VA_ARGS__)
#define CC_EACH_8(m, a, ...) m(a) CC_EACH_7(m, __VA_ARGS__)
#define CC_EACH_9(m, a, ...) m(a) CC_EACH_8(m, __VA_ARGS__)
#define CC_EACH_10(m, a, ...) m(a) CC_EACH_9(m, __VA_ARGS__)
#define CC_EACH_11(m, a, ...) m(a) CC_EACH_10(m, __VA_ARGS__)
#define CC_EACH_12(m, a, ...) m(a) CC_EACH_11(m, __VA_ARGS__)
#define CC_EACH_13(m, a, ...) m(a) CC_EACH_12(m, __VA_ARGS__)
#define CC_EACH_14(m, a, ...) m(a) CC_EACH_13(m, __VA_ARGS__)
#define CC_EACH_15(m, a, ...) m(a) CC_EACH_14(m, __VA_ARGS__)
#define CC_EACH_16(m, a, ...) m(a) CC_EACH_15(m, __VA_ARGS__)

#endif
