/* The model in C: worlds in lanes, months and options around them, blocks shared out over threads. */
#include <math.h>
#include <stdint.h>

enum { LANES = 64, ROWS = PARAMETERS + 2 * MONTHS };
enum { MIDDLE, SIZE, FIRST, LEAD, SPREAD, EXTRA, LATER, ROTATION, HAZARD, DEAD, PAY, CASH, LABOUR, EFFECT };

static inline float ramp(float x) {
    x = x < 0.0f ? 0.0f : x;
    x = x > 1.0f ? 1.0f : x;
    return x * x * (3.0f - 2.0f * x);
}

/* What all options share, of LANES worlds. */
static void shared(const float *draws, const float *centre, const float *scale, float p[PARAMETERS][LANES],
                   float flow[MONTHS][LANES], float hazard[MONTHS][LANES], float pay[MONTHS][LANES]) {
    float before[LANES];
    for (int i = 0; i < PARAMETERS; i++)
        for (int w = 0; w < LANES; w++) p[i][w] = expf(centre[i] + scale[i] * draws[i * BLOCK + w]);
    for (int m = -1; m < MONTHS; m++)
        for (int w = 0; w < LANES; w++) {
            float since = (float)(m + 1) - p[MIDDLE][w], each = 1.0f / p[SPREAD][w];
            float early = ramp((since + p[LEAD][w]) * each), late = ramp((since - p[LATER][w]) * each);
            float first = p[FIRST][w] * early + (1.0f - p[FIRST][w]) * ramp(since * each);
            float due = p[SIZE][w] * first + p[EXTRA][w] * late;
            if (m >= 0) flow[m][w] = due - before[w] + p[ROTATION][w] * p[SIZE][w];
            before[w] = due;
        }
    for (int m = 0; m < MONTHS; m++) {
        const float *e = draws + (PARAMETERS + m) * BLOCK, *f = e + MONTHS * BLOCK;
        for (int w = 0; w < LANES; w++) hazard[m][w] = p[HAZARD][w] * expf(0.3f * e[w]);
        for (int w = 0; w < LANES; w++) pay[m][w] = p[PAY][w] * p[CASH][w] * expf(0.1f * f[w]);
    }
}

/* Metrics of LANES worlds under every option. */
static void lanes(const float *draws, const float *centre, const float *scale, const float *levers, float *out) {
    float p[PARAMETERS][LANES], flow[MONTHS][LANES], hazard[MONTHS][LANES], pay[MONTHS][LANES];
    shared(draws, centre, scale, p, flow, hazard, pay);
    for (int o = 0; o < OPTIONS; o++) {
        float sent[LANES] = {0}, theatre[LANES] = {0}, total[LANES] = {0}, money[LANES] = {0}, stay[LANES] = {0};
        const float *lever = levers + o * 3 * MONTHS;
        for (int m = 0; m < MONTHS; m++) {
            float send = lever[m], fight = lever[MONTHS + m], cut = lever[2 * MONTHS + m];
            for (int w = 0; w < LANES; w++) {
                float come = flow[m][w] * (1.0f - send * p[EFFECT][w]);
                float there = theatre[w] + come;
                float lost = there * (1.0f - expf(-hazard[m][w] * (1.0f + fight * p[EFFECT][w])));
                sent[w] += come;
                theatre[w] = there - lost;
                total[w] += lost;
                float present = sent[w] - p[DEAD][w] * total[w];
                money[w] += (pay[m][w] * present + p[LABOUR][w]) * (1.0f - cut * p[EFFECT][w]);
                stay[w] += theatre[w];
            }
        }
        float *to = out + o * 3 * BLOCK;
        for (int w = 0; w < LANES; w++) {
            to[w] = total[w];
            to[BLOCK + w] = money[w];
            to[2 * BLOCK + w] = stay[w] / MONTHS;
        }
    }
}

void given(long blocks, const float *draws, const float *centre, const float *scale, const float *levers,
           float *out) {
#pragma omp parallel for num_threads(THREADS) schedule(dynamic)
    for (long b = 0; b < blocks; b++)
        for (int w = 0; w < BLOCK; w += LANES)
            lanes(draws + b * ROWS * BLOCK + w, centre, scale, levers, out + b * OPTIONS * 3 * BLOCK + w);
}

static inline uint32_t hash(uint32_t x) {
    x = (x ^ (x >> 16)) * 0x21f0aaadu;
    x = (x ^ (x >> 15)) * 0x735a2d97u;
    return x ^ (x >> 15);
}

/* Standard normal numbers of one block, by Box and Muller's method from a hashed counter. */
static void fill(uint32_t seed, uint32_t block, float *draws) {
    const uint32_t half = ROWS * BLOCK / 2, base = hash(seed ^ hash(block + 1));
    for (uint32_t i = 0; i < half; i++) {
        float u = ((float)(hash(base + 2 * i) >> 8) + 0.5f) * 0x1p-24f;
        float angle = (float)(hash(base + 2 * i + 1) >> 8) * (6.2831853f * 0x1p-24f);
        float radius = sqrtf(-2.0f * logf(u));
        draws[i] = radius * cosf(angle);
        draws[half + i] = radius * cosf(angle - 1.57079633f); /* a sine; a pair would not vectorise */
    }
}

/* The same with the numbers drawn inside; `scratch` holds one block a thread. */
void drawn(uint32_t seed, long blocks, const float *centre, const float *scale, const float *levers,
           float *scratch, float *out) {
#pragma omp parallel for num_threads(THREADS) schedule(static)
    for (int t = 0; t < THREADS; t++) {
        float *draws = scratch + (long)t * ROWS * BLOCK;
        for (long b = t; b < blocks; b += THREADS) {
            fill(seed, (uint32_t)b, draws);
            for (int w = 0; w < BLOCK; w += LANES)
                lanes(draws + w, centre, scale, levers, out + b * OPTIONS * 3 * BLOCK + w);
        }
    }
}
