# Writes the replacement wherever a deprecated term is used, as a property, a class or a value.
# A term with two replacements is left alone: which one is meant, only a person can tell.
# The ontology graph, which declares the terms, stays as it is.
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX graph: <https://w3id.org/verbund/graph/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>

DELETE { GRAPH ?graph { ?subject ?old ?object } }
INSERT { GRAPH ?graph { ?subject ?new ?object } }
WHERE {
  GRAPH graph:ontology {
    ?old owl:deprecated true ;
      dct:isReplacedBy+ ?new .
    FILTER NOT EXISTS { ?new owl:deprecated true }
    FILTER NOT EXISTS {
      ?old dct:isReplacedBy+ ?other .
      FILTER(?other != ?new)
      FILTER NOT EXISTS { ?other owl:deprecated true }
    }
  }
  GRAPH ?graph { ?subject ?old ?object }
  FILTER(?graph != graph:ontology)
} ;

DELETE { GRAPH ?graph { ?subject ?property ?old } }
INSERT { GRAPH ?graph { ?subject ?property ?new } }
WHERE {
  GRAPH graph:ontology {
    ?old owl:deprecated true ;
      dct:isReplacedBy+ ?new .
    FILTER NOT EXISTS { ?new owl:deprecated true }
    FILTER NOT EXISTS {
      ?old dct:isReplacedBy+ ?other .
      FILTER(?other != ?new)
      FILTER NOT EXISTS { ?other owl:deprecated true }
    }
  }
  GRAPH ?graph { ?subject ?property ?old }
  FILTER(?graph != graph:ontology)
}
