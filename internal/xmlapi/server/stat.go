// The server's figures.

package server

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// Stat holds the server's figures; memory and disk sizes are in bytes.
type Stat struct {
	Objects   ObjectsStat `xml:"objects"`
	Version   VersionStat `xml:"version"`
	Other     OtherStat   `xml:"other"`
	LoadAvg   LoadAvg     `xml:"load_avg"`
	Memory    MemoryStat  `xml:"mem"`
	Swap      SwapStat    `xml:"swap"`
	DiskSpace DiskSpace   `xml:"diskspace"`
}

// ObjectsStat counts objects.
type ObjectsStat struct {
	Clients        int64 `xml:"clients"`
	Domains        int64 `xml:"domains"`
	ActiveDomains  int64 `xml:"active_domains"`
	Mailboxes      int64 `xml:"mail_boxes"`
	MailRedirects  int64 `xml:"mail_redirects"`
	MailGroups     int64 `xml:"mail_groups"`
	MailResponders int64 `xml:"mail_responders"`
	WebUsers       int64 `xml:"web_users"`
	Databases      int64 `xml:"databases"`
	DatabaseUsers  int64 `xml:"database_users"`
	ProblemClients int64 `xml:"problem_clients"`
	ProblemDomains int64 `xml:"problem_domains"`
}

// VersionStat names the panel's and the operating system's versions.
type VersionStat struct {
	PleskName    string `xml:"plesk_name"`
	PleskVersion string `xml:"plesk_version"`
	OS           string `xml:"plesk_os"`
	OSVersion    string `xml:"plesk_os_version"`
	PleskBuild   string `xml:"plesk_build"`
	OSRelease    string `xml:"os_release"`
	VirtuozzoID  *int64 `xml:"veid"`
}

// OtherStat describes the machine; Uptime is in seconds.
type OtherStat struct {
	CPU             string `xml:"cpu"`
	Uptime          int64  `xml:"uptime"`
	InsideVirtuozzo bool   `xml:"inside_vz"`
}

// LoadAvg holds the load of 1, 5 and 15 minutes in hundredths: 37 is 0.37.
type LoadAvg struct {
	L1  xmlapi.Double `xml:"l1"`
	L5  xmlapi.Double `xml:"l5"`
	L15 xmlapi.Double `xml:"l15"`
}

// MemoryStat is the memory.
type MemoryStat struct {
	Total  int64 `xml:"total"`
	Used   int64 `xml:"used"`
	Free   int64 `xml:"free"`
	Shared int64 `xml:"shared"`
	Buffer int64 `xml:"buffer"`
	Cached int64 `xml:"cached"`
}

// SwapStat is the swap space.
type SwapStat struct {
	Total int64 `xml:"total"`
	Used  int64 `xml:"used"`
	Free  int64 `xml:"free"`
}

// DiskSpace lists the file systems.
type DiskSpace struct {
	Devices []Device `xml:"device"`
}

// Device is one file system.
type Device struct {
	Name  string `xml:"name"`
	Total int64  `xml:"total"`
	Used  int64  `xml:"used"`
	Free  int64  `xml:"free"`
}
