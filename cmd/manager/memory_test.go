package main

import (
	"math"
	"runtime/debug"
	"testing"
)

func TestMemory(t *testing.T) {
	was := debug.SetMemoryLimit(math.MaxInt64)
	defer debug.SetMemoryLimit(was)
	for name, c := range map[string]struct {
		limit, own    string
		want, answers int64
		fails         bool
	}{
		"of the container":  {limit: "536870912", want: 53687091 * 9, answers: 128 << 20},
		"a large container": {limit: "4294967296", want: 429496729 * 9, answers: 192 << 20},
		"none":              {want: math.MaxInt64, answers: 192 << 20},
		"GOMEMLIMIT wins":   {limit: "536870912", own: "1GiB", want: math.MaxInt64, answers: 128 << 20},
		"no number":         {limit: "512Mi", fails: true},
		"less than nothing": {limit: "-1", fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			debug.SetMemoryLimit(math.MaxInt64)
			t.Setenv(memoryLimit, c.limit)
			t.Setenv("GOMEMLIMIT", c.own)
			container, err := containerMemory()
			if (err != nil) != c.fails {
				t.Errorf("the error is %v", err)
			}
			if c.fails {
				return
			}
			limitMemory(container)
			if have := debug.SetMemoryLimit(-1); have != c.want {
				t.Errorf("the limit is %d, want %d", have, c.want)
			}
			if have := answerBudget(container); have != c.answers {
				t.Errorf("%d are for answers, want %d", have, c.answers)
			}
		})
	}
}
