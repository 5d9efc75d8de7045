// Windows: what a server on it has in place of what Linux has, and how it writes paths.

package plesksim

import (
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// onWindows tells whether the server offers what only Windows has and lacks what only Linux has.
func (s *state) onWindows() bool { return s.Machine.OS == Windows }

// The programs of a fresh server on Windows. No shell can be chosen there, so it lists none.
var (
	windowsComponents = []component{
		{"psa", "18.0.70"}, {"iis", "10.0"}, {"msdns", "10.0"}, {"mailenable", "10.48"}, {"mysql", "8.0.41"}, {"mssql", "16.0"}, {"awstats", "7.9"}, {"roundcube", "1.6.10"},
	}
	windowsServices = []service{
		{"web", "Web Server (IIS)", "running"}, {"smtp", "SMTP Server (MailEnable)", "running"}, {"imap-pop3", "IMAP/POP3 Server (MailEnable)", "running"},
		{"dns", "DNS Server (Microsoft DNS)", "running"}, {"spamassassin", "SpamAssassin", "none"},
	}
	windowsPHPHandlers = []phpHandler{
		{"plesk-php74-fastcgi", "7.4.33 by Plesk, FastCGI application", "7.4", "7.4.33", "fastcgi", false},
		{"plesk-php82-fastcgi", "8.2.28 by Plesk, FastCGI application", "8.2", "8.2.28", "fastcgi", true},
		{"plesk-php83-cgi", "8.3.20 by Plesk, CGI application", "8.3", "8.3.20", "cgi", true},
		{"plesk-php83-fastcgi", "8.3.20 by Plesk, FastCGI application", "8.3", "8.3.20", "fastcgi", true},
	}
)

const windowsInterface = "Ethernet"

// becomeWindows makes a fresh machine one with Windows.
func (m *machine) becomeWindows() {
	m.Components, m.Services = append([]component{}, windowsComponents...), append([]service{}, windowsServices...)
	m.Shells, m.Interfaces = nil, []string{windowsInterface}
}

// The directories of all homes.
const (
	vhosts        = "/var/www/vhosts/"
	windowsVhosts = `C:\Inetpub\vhosts\`
)

// home is the directory of a subscription.
func (s *state) home(w *webspace) string {
	if s.onWindows() {
		return windowsVhosts + s.mainSiteOf(w).ASCIIName
	}
	return vhosts + s.mainSiteOf(w).ASCIIName
}

// inHome is the absolute path of what is kept relative to the home of a subscription.
func (s *state) inHome(w *webspace, relative string) string {
	path := s.home(w) + "/" + relative
	if s.onWindows() {
		return strings.ReplaceAll(path, "/", `\`)
	}
	return path
}

// slashed is a path with slashes, as all are kept: Windows takes both kinds.
func (s *state) slashed(path string) string {
	if s.onWindows() {
		return strings.ReplaceAll(path, `\`, "/")
	}
	return path
}

// system is what server/get stat tells about the operating system and its first disk.
func (m *machine) system() (version server.VersionStat, disk string) {
	version = server.VersionStat{
		PleskName: "psa", PleskVersion: "18.0.70", OS: "Ubuntu", OSVersion: "24.04", PleskBuild: "1800250422.12", OSRelease: "6.8.0-60-generic",
	}
	if m.OS == Windows {
		version.OS, version.OSVersion, version.OSRelease = "Microsoft Windows Server 2022", "10.0", "20348"
		return version, "C:"
	}
	return version, "/dev/vda1"
}
