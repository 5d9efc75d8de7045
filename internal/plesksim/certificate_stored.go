// What is stored of certificates, for whoever runs the simulator: no operation of the protocol tells.

package plesksim

// StoredCertificate is what a repository holds under a name. The key is no part of it.
type StoredCertificate struct{ Request, Certificate, Chain string } // PEM

// Certificate tells what the repository of a site holds under a name, or with "" for a site that of the server; nil if there is no such certificate.
func (s *Server) Certificate(site, name string) *StoredCertificate {
	s.mu.Lock()
	defer s.mu.Unlock()
	repository := int64(serverRepository)
	if site != "" {
		domain, err := parseDomainName(site)
		if err != nil {
			return nil
		}
		d := s.state.sitesByName.First(domain.ascii)
		if d == nil {
			return nil
		}
		repository = d.ID
	}
	k := s.state.certificatesByName.First(certificateKey(repository, name))
	if k == nil {
		return nil
	}
	return &StoredCertificate{Request: k.Content.Request, Certificate: k.Content.Certificate, Chain: k.Content.Chain}
}
