mod answers;
mod errors;
mod transport;
