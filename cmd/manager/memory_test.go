package main

import (
	"math"
	"runtime/debug"
	"testing"
)

func TestLimitMemory(t *testing.T) {
	was := debug.SetMemoryLimit(math.MaxInt64)
	defer debug.SetMemoryLimit(was)
	for name, c := range map[string]struct {
		limit, own string
		want       int64
		fails      bool
	}{
		"of the container":  {limit: "536870912", want: 53687091 * 9},
		"none":              {want: math.MaxInt64},
		"GOMEMLIMIT wins":   {limit: "536870912", own: "1GiB", want: math.MaxInt64},
		"no number":         {limit: "512Mi", want: math.MaxInt64, fails: true},
		"less than nothing": {limit: "-1", want: math.MaxInt64, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			debug.SetMemoryLimit(math.MaxInt64)
			t.Setenv(memoryLimit, c.limit)
			t.Setenv("GOMEMLIMIT", c.own)
			if err := limitMemory(); (err != nil) != c.fails {
				t.Errorf("the error is %v", err)
			}
			if have := debug.SetMemoryLimit(-1); have != c.want {
				t.Errorf("the limit is %d, want %d", have, c.want)
			}
		})
	}
}
