// Names the two binaries, reads their versions from go.mod, and looks after the directory that holds them.

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

const (
	apiserver = "kube-apiserver"
	etcd      = "etcd"

	kubernetesModule = "k8s.io/kubernetes"
	etcdModule       = "go.etcd.io/etcd/server/v3"
)

// versions are those of the modules that the binaries are built from, as in "v1.36.3".
type versions struct {
	kubernetes, etcd string
	// major and minor are the first two numbers of kubernetes.
	major, minor string
}

// readVersions finds the versions in the text of a go.mod.
func readVersions(goMod string) (versions, error) {
	var v versions
	var err error
	if v.kubernetes, err = requiredVersion(goMod, kubernetesModule); err != nil {
		return v, err
	}
	if v.etcd, err = requiredVersion(goMod, etcdModule); err != nil {
		return v, err
	}
	parts := strings.SplitN(strings.TrimPrefix(v.kubernetes, "v"), ".", 3)
	if len(parts) != 3 {
		return v, fmt.Errorf("read go.mod: %s %s is not a semantic version", kubernetesModule, v.kubernetes)
	}
	v.major, v.minor = parts[0], parts[1]
	return v, nil
}

func requiredVersion(goMod, module string) (string, error) {
	line := regexp.MustCompile(`(?m)^(?:\t|require )` + regexp.QuoteMeta(module) + ` (v\S+)`)
	match := line.FindStringSubmatch(goMod)
	if match == nil {
		return "", fmt.Errorf("read go.mod: %s is not required", module)
	}
	return match[1], nil
}

// missing names the binaries that dir does not hold as executable files. A link that leads
// nowhere any more, as after a clean-up of what setup-envtest downloaded, counts as missing.
func missing(dir string) []string {
	var names []string
	for _, name := range []string{apiserver, etcd} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0 {
			names = append(names, name)
		}
	}
	return names
}
