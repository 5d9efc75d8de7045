package main

import (
	"archive/tar"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
)

// The image holds the program and the authorities, runs as nobody, and is the same when it is built again.
func TestTheImageIsReproducible(t *testing.T) {
	g := NewWithT(t)
	folder := t.TempDir()
	authorities := filepath.Join(folder, "authorities.pem")
	g.Expect(os.WriteFile(authorities, []byte("-----BEGIN CERTIFICATE-----\n"), 0o600)).To(Succeed())
	b := build{root: "../..", version: "v1.2.3", authorities: authorities, platforms: []string{"linux/amd64", "linux/arm64"}}
	first, err := b.into(filepath.Join(folder, "first"))
	g.Expect(err).NotTo(HaveOccurred())
	second, err := b.into(filepath.Join(folder, "second"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(second).To(Equal(first))

	index, err := layout.ImageIndexFromPath(filepath.Join(folder, "first"))
	g.Expect(err).NotTo(HaveOccurred())
	manifest, err := index.IndexManifest()
	g.Expect(err).NotTo(HaveOccurred())
	var platforms []string
	for _, of := range manifest.Manifests {
		platforms = append(platforms, of.Platform.String())
		image, err := index.Image(of.Digest)
		g.Expect(err).NotTo(HaveOccurred())
		holdsTheProgram(g, image)
	}
	g.Expect(platforms).To(Equal(b.platforms))
}

func holdsTheProgram(g *WithT, image v1.Image) {
	config, err := image.ConfigFile()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(config.Config.User).To(Equal("65532:65532"))
	g.Expect(config.Config.Entrypoint).To(Equal([]string{"/manager"}))

	files := map[string]int64{}
	content := mutate.Extract(image)
	defer content.Close()
	for r := tar.NewReader(content); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		g.Expect(err).NotTo(HaveOccurred())
		files[h.Name] = h.Mode
	}
	g.Expect(files).To(Equal(map[string]int64{
		"etc": 0o755, "etc/ssl": 0o755, "etc/ssl/certs": 0o755, "etc/ssl/certs/ca-certificates.crt": 0o644, "manager": 0o755,
	}))
}

// An image without authorities could not tell one Plesk from another.
func TestNoImageWithoutAuthorities(t *testing.T) {
	g := NewWithT(t)
	empty := filepath.Join(t.TempDir(), "empty.pem")
	g.Expect(os.WriteFile(empty, nil, 0o600)).To(Succeed())
	_, err := layerOf(v1.Time{}.Time, []file{{"ca-certificates.crt", 0o644, empty}})
	g.Expect(err).To(MatchError(ContainSubstring("is empty")))
}
