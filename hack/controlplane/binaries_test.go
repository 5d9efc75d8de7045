// Tests what counts as a usable directory, and that go.mod names one release of Kubernetes throughout.

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestMissing(t *testing.T) {
	executable := func(path string) error { return os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755) }
	for name, test := range map[string]struct {
		put  func(path string) error
		want []string
	}{
		"an executable file is there":       {executable, nil},
		"nothing is not":                    {func(string) error { return nil }, []string{apiserver}},
		"a file without the bit is not":     {func(path string) error { return os.WriteFile(path, nil, 0o644) }, []string{apiserver}},
		"a directory is not":                {func(path string) error { return os.Mkdir(path, 0o755) }, []string{apiserver}},
		"a link into a removed store isn't": {func(path string) error { return os.Symlink(path+".gone", path) }, []string{apiserver}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := executable(filepath.Join(dir, etcd)); err != nil {
				t.Fatal(err)
			}
			if err := test.put(filepath.Join(dir, apiserver)); err != nil {
				t.Fatal(err)
			}
			if got := missing(dir); !slices.Equal(got, test.want) {
				t.Errorf("missing = %v, want %v", got, test.want)
			}
		})
	}
}

func TestReadVersions(t *testing.T) {
	for name, test := range map[string]struct {
		goMod string
		want  versions
		fails bool
	}{
		"a block":        {"require (\n\tgo.etcd.io/etcd/server/v3 v3.6.8\n\tk8s.io/kubernetes v1.36.3 // indirect\n)\n", versions{"v1.36.3", "v3.6.8", "1", "36"}, false},
		"single lines":   {"require go.etcd.io/etcd/server/v3 v3.6.8\nrequire k8s.io/kubernetes v1.36.3\n", versions{"v1.36.3", "v3.6.8", "1", "36"}, false},
		"no etcd":        {"require k8s.io/kubernetes v1.36.3\n", versions{kubernetes: "v1.36.3"}, true},
		"only the tools": {"tool (\n\tgo.etcd.io/etcd/server/v3\n\tk8s.io/kubernetes/cmd/kube-apiserver\n)\n", versions{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readVersions(test.goMod)
			if got != test.want || (err != nil) != test.fails {
				t.Errorf("readVersions = %+v, %v; want %+v, an error: %v", got, err, test.want, test.fails)
			}
		})
	}
}

// A bump of k8s.io/kubernetes that forgets a staging module would build a mixture of releases.
func TestStagingModulesMatchKubernetes(t *testing.T) {
	v, err := readVersions(goMod)
	if err != nil {
		t.Fatal(err)
	}
	want := "v0" + strings.TrimPrefix(v.kubernetes, "v"+v.major)
	replaces := regexp.MustCompile(`(?m)^\t(k8s\.io/\S+) => (\S+) (\S+)$`).FindAllStringSubmatch(goMod, -1)
	if len(replaces) == 0 {
		t.Fatal("go.mod replaces no staging module")
	}
	for _, r := range replaces {
		if r[2] != r[1] || r[3] != want {
			t.Errorf("%s is replaced by %s %s, want itself at %s", r[1], r[2], r[3], want)
		}
	}
}
