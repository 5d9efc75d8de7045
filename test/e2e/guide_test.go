// Guides: the pages of docs/guides, carried out as a reader would. Their files are written, their commands run by a shell, and what these print is
// held to what the page shows.

package e2e

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// guide is a page with a folder of its own, in which its commands run. The namespace, provider where a page names it, is the world's.
type guide struct {
	*world
	dir         string
	environment []string
	began       map[string]time.Time // when a command was run, for the last time where it stands several times on the page
}

// block is one of a page's blocks of code.
type block struct{ language, text string }

var (
	fence    = regexp.MustCompile("(?s)```([a-z]+)\n(.*?)\n```\n")
	fileName = regexp.MustCompile(`^# ([a-z0-9./-]+\.yaml)\n`)
	heredoc  = regexp.MustCompile(`<<-?'?(EOF)'?`)
	// What differs from run to run: how old something is, and when.
	age = regexp.MustCompile(`\b\d+(s|m|m\d+s)\b`)
	// The namespace of the page's server, where the page names it.
	namespace = regexp.MustCompile(`(namespace: |-n |PleskServer )provider\b`)
	// Commands that change nothing are repeated until they print what the page shows.
	reading = regexp.MustCompile(`^kubectl (-n \S+ )?(get|describe|events|diff|wait) `)
)

// follow carries out a page.
func (w *world) follow(page string) *guide {
	GinkgoHelper()
	g := &guide{world: w, dir: GinkgoT().TempDir(), began: map[string]time.Time{}}
	kubeconfig := filepath.Join(g.dir, ".kubeconfig")
	config, err := clientcmd.LoadFromFile(bed.Kubeconfig)
	Expect(err).NotTo(HaveOccurred())
	for _, c := range config.Contexts {
		c.Namespace = w.ns
	}
	Expect(clientcmd.WriteToFile(*config, kubeconfig)).To(Succeed())
	kubectl, err := bed.Kubectl(w)
	Expect(err).NotTo(HaveOccurred())
	g.environment = append(os.Environ(), "KUBECONFIG="+kubeconfig, "PATH="+kubectl+string(os.PathListSeparator)+os.Getenv("PATH"))
	text, err := os.ReadFile(filepath.Join(bed.Root, "docs", "guides", page))
	Expect(err).NotTo(HaveOccurred())
	blocks := blocksOf(namespace.ReplaceAllString(string(text), "${1}"+w.ns))
	Expect(blocks).NotTo(BeEmpty(), "%s has no blocks of code", page)
	for _, b := range blocks {
		switch b.language {
		case "yaml":
			g.write(b.text)
		case "console":
			g.run(b.text)
		case "xml":
			g.send(b.text)
		default:
			Fail(fmt.Sprintf("%s has a block of %q, which nothing is done with", page, b.language))
		}
	}
	return g
}

func blocksOf(text string) []block {
	var out []block
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		out = append(out, block{m[1], m[2] + "\n"})
	}
	return out
}

// write writes the file that a block is, by the name in its first line.
func (g *guide) write(text string) {
	GinkgoHelper()
	m := fileName.FindStringSubmatch(text)
	Expect(m).NotTo(BeNil(), "a block of YAML begins with the name of its file:\n%s", text)
	file := filepath.Join(g.dir, m[1])
	Expect(os.MkdirAll(filepath.Dir(file), 0o755)).To(Succeed())
	Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
}

// send has somebody else, with the administrator's login, send the packet that a block is, with what the commands in its $(…) print. The server has to
// do all that it says.
func (g *guide) send(packet string) {
	GinkgoHelper()
	packet, err := g.shell("cat <<EOF\n" + packet + "EOF\n")
	Expect(err).NotTo(HaveOccurred(), packet)
	By("a packet:\n" + packet)
	roots := x509.NewCertPool()
	Expect(roots.AppendCertsFromPEM(g.plesk.Access.CA)).To(BeTrue())
	req, err := http.NewRequestWithContext(g, http.MethodPost, g.plesk.Access.URL+xmlapi.AgentPath, strings.NewReader(packet))
	Expect(err).NotTo(HaveOccurred())
	req.Header["HTTP_AUTH_LOGIN"], req.Header["HTTP_AUTH_PASSWD"] = []string{g.plesk.Access.Login}, []string{g.plesk.Access.Password}
	res, err := (&http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}).Do(req)
	Expect(err).NotTo(HaveOccurred())
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	Expect(err).NotTo(HaveOccurred())
	Expect(string(answer)).To(And(ContainSubstring("<status>ok</status>"), Not(ContainSubstring("<status>error</status>"))), packet)
}

// run runs the commands of a block, each with what it shall print: the lines below it.
func (g *guide) run(text string) {
	GinkgoHelper()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for len(lines) > 0 {
		command, found := strings.CutPrefix(lines[0], "$ ")
		Expect(found).To(BeTrue(), "a block of commands begins with one: %q", lines[0])
		lines = lines[1:]
		if heredoc.MatchString(command) {
			for last := ""; last != "EOF"; lines = lines[1:] {
				last = lines[0]
				command += "\n" + last
			}
		}
		var shown []string
		for ; len(lines) > 0 && !strings.HasPrefix(lines[0], "$ "); lines = lines[1:] {
			shown = append(shown, lines[0])
		}
		By("$ " + command)
		g.began[command] = time.Now()
		matches := MatchRegexp(patternOf(shown))
		if reading.MatchString(command) {
			Eventually(func() string { out, _ := g.shell(command); return out }).Should(matches)
			continue
		}
		out, err := g.shell(command)
		Expect(out).To(matches, command)
		if len(shown) == 0 || !strings.HasPrefix(shown[0], "error: ") {
			Expect(err).NotTo(HaveOccurred(), "%s\n%s", command, out)
		}
	}
}

// shell runs a command, and returns what it prints, columns set apart by one blank.
func (g *guide) shell(command string) (string, error) {
	c := exec.CommandContext(g, "bash", "-euo", "pipefail", "-c", command)
	c.Dir, c.Env = g.dir, g.environment
	out, err := c.CombinedOutput()
	return columns(string(out)), err
}

// patternOf is what is printed where a page shows some lines: … stands for anything, a line of it alone for any lines.
func patternOf(shown []string) string {
	var out strings.Builder
	out.WriteString(`(?s)\A`)
	for _, line := range shown {
		if strings.TrimSpace(line) == "…" {
			out.WriteString(`(?:[^\n]*\n)*?`)
			continue
		}
		line = regexp.QuoteMeta(columns(line))
		line = age.ReplaceAllString(line, `\d+\w*`)
		out.WriteString(strings.ReplaceAll(line, "…", `[^\n]*?`) + `\n`)
	}
	out.WriteString(`\z`)
	return out.String()
}

var (
	blanks   = regexp.MustCompile(`[ \t]+`)
	trailing = regexp.MustCompile(`(?m)[ \t]+$`)
)

// columns is a table with one blank between its columns, however wide they are.
func columns(text string) string {
	return blanks.ReplaceAllString(trailing.ReplaceAllString(text, ""), " ")
}
